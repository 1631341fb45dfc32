using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.OpenApi;
using Json.Schema;
using Microsoft.OpenApi;

namespace Iga.Tests.OpenApi;

/// <summary>Readers that are not ours take the document for OpenAPI 3.1.</summary>
public sealed class DocumentValidityTests
{
    private static readonly JsonObject Document = WithVersion();

    [Fact]
    public void Microsofts_reader_finds_nothing_wrong_in_it()
    {
        var read = OpenApiDocument.Parse(Document.ToJsonString(), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
        Assert.Equal(Document["paths"]!.AsObject().Count, read.Document!.Paths.Count);
    }

    [Fact]
    public void Every_schema_of_it_is_one_of_JSON_Schema_2020_12()
    {
        var schemas = Schemas(Document).ToArray();

        Assert.True(schemas.Length > 100, $"{schemas.Length}");
        Assert.All(schemas, schema => Assert.True(MetaSchemas.Draft202012.Evaluate(JsonSerializer.SerializeToElement(schema)).IsValid, schema.ToJsonString()));
    }

    [Fact]
    public void Every_reference_in_it_leads_somewhere()
    {
        var references = References(Document).Distinct().ToArray();

        Assert.True(references.Length > 50, $"{references.Length}");
        Assert.All(references, reference => Assert.NotNull(
            reference.Split('/').Skip(1).Aggregate((JsonNode?)Document, (node, name) => node?[name])));
    }

    private static JsonObject WithVersion()
    {
        var document = DocumentParts.Join();
        document["info"]!["version"] = "1.0.0";
        return document;
    }

    private static IEnumerable<JsonNode> Schemas(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(member => member.Key switch
        {
            "schema" => [member.Value!],
            "schemas" => member.Value!.AsObject().Select(schema => schema.Value!),
            _ => Schemas(member.Value),
        }),
        JsonArray list => list.SelectMany(Schemas),
        _ => [],
    };

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(member => member.Key == "$ref" ? [member.Value!.ToString()] : References(member.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };
}
