using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Iga.Faults;
using Iga.Http;
using Iga.LocalHost.Functions;
using Iga.OpenApi;
using Iga.Tests.OpenApi.Contract;

namespace Iga.Tests.OpenApi;

/// <summary>The document tells of what the code has: all of it, and nothing else.</summary>
public sealed class DocumentTests
{
    private static readonly JsonObject Document = DocumentParts.Join();

    private static readonly Dictionary<string, (JsonObject Operation, string Path)> Operations = (
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (Key: $"{operation.Key.ToUpperInvariant()} {path.Key}", Value: (operation.Value!.AsObject(), path.Key)))
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    private static readonly Dictionary<string, HttpTriggerAttribute> Functions = (
        from function in FunctionCatalog.Of(typeof(IgaServices).Assembly).StartedBy(FunctionTrigger.Http)
        let trigger = (HttpTriggerAttribute)function.TriggerAttribute
        from method in trigger.Methods!
        select (Key: $"{method.ToUpperInvariant()} /{trigger.Route!.TrimStart('/')}", trigger))
        .ToDictionary(pair => Plain(pair.Key), pair => pair.trigger);

    [Fact]
    public void Every_route_is_documented_with_each_of_its_methods()
    {
        Assert.Empty(Functions.Keys.Except(Operations.Keys.Select(Plain)));
    }

    [Fact]
    public void What_is_documented_is_there()
    {
        Assert.Empty(Operations.Keys.Select(Plain).Except(Functions.Keys));
    }

    [Fact]
    public void A_route_needs_a_key_where_the_document_says_so()
    {
        Assert.All(
            Operations.Where(operation => Functions.ContainsKey(Plain(operation.Key))),
            operation => Assert.Equal(
                Functions[Plain(operation.Key)].AuthLevel == AuthorizationLevel.Anonymous,
                operation.Value.Operation["security"] is JsonArray { Count: 0 }));
    }

    [Fact]
    public void Every_error_code_is_documented()
    {
        Assert.Equal(
            Constants(typeof(ErrorCode)).Order(),
            Document["components"]!["schemas"]!["ErrorCode"]!["enum"]!.AsArray().Select(code => code!.ToString()).Order());
    }

    /// <summary>The two that no operation can answer with are told of in the words before all of them.</summary>
    [Fact]
    public void Every_error_code_is_one_of_an_operation()
    {
        var answered =
            from operation in Operations.Values
            from response in operation.Operation["responses"]!.AsObject()
            from example in response.Value!["content"]?["application/json"]?["examples"]?.AsObject() ?? []
            select example.Key;
        Assert.Equal(
            ["IGA_METHOD_NOT_ALLOWED"],
            Document["components"]!["schemas"]!["ErrorCode"]!["enum"]!.AsArray().Select(code => code!.ToString()).Except(answered));
        Assert.Contains("IGA_METHOD_NOT_ALLOWED", Document["info"]!["description"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_of_failure_is_documented()
    {
        Assert.Equal(
            Constants(typeof(FailureKind)).Order(),
            Document["components"]!["schemas"]!["FailureKind"]!["enum"]!.AsArray().Select(kind => kind!.ToString()).Order());
    }

    [Fact]
    public void Every_field_of_a_request_is_documented()
    {
        Assert.Equal(
            GenerateImage.RequestValidator.Fields.Keys.Order(),
            Document["components"]!["schemas"]!["GenerateImageRequest"]!["properties"]!.AsObject().Select(field => field.Key).Order());
    }

    [Fact]
    public void Names_of_operations_are_given_once()
    {
        var names = Operations.Values.Select(operation => operation.Operation["operationId"]!.ToString()).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Every_example_is_one()
    {
        var schemas = new StrictSchemas(Document["components"]!["schemas"]!.AsObject());
        var examples = (
            from media in Media(Document)
            from example in media["examples"]?.AsObject() ?? []
            let value = example.Value!["value"] ?? Document["components"]!["examples"]![example.Key]!["value"]
            select (media["schema"]!, example.Key, value)).ToArray();

        Assert.True(examples.Length > 100, $"{examples.Length}");
        Assert.All(examples, example => Assert.Null(schemas.FindWrong(example.Item1, JsonSerializer.SerializeToElement(example.value))));
    }

    private static IEnumerable<JsonObject> Media(JsonNode? node) => node switch
    {
        JsonObject found when found["schema"] is not null && found["in"] is null && found.ContainsKey("examples") => [found],
        JsonObject inner => inner.SelectMany(member => Media(member.Value)),
        JsonArray list => list.SelectMany(Media),
        _ => [],
    };

    /// <summary>A parameter of a path is one, whatever its name; one that may hold nothing stands for the root.</summary>
    private static string Plain(string route) => Regex.Replace(Regex.Replace(route, @"{[^}]*maxlength\(0\)[^}]*}", ""), "{[^}]*}", "{}");

    private static string[] Constants(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];
}
