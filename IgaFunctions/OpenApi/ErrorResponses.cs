using System.Text.Json.Nodes;

namespace Iga.OpenApi;

/// <summary>
/// Writes the answers that are errors. An operation names the codes that it answers with (<c>x-errors</c>); what each means, and its HTTP
/// status, stands once.
/// </summary>
/// <param name="table">By code: its statuses, when it is answered, and an example of the message.</param>
/// <param name="ofEveryOperation">The codes and headers that need not be named.</param>
internal sealed class ErrorResponses(JsonObject table, JsonNode ofEveryOperation)
{
    private const string CodesOfAnOperation = "x-errors";

    public JsonArray Codes() => [.. table.Select(error => JsonValue.Create(error.Key))];

    public JsonObject Examples() => new(table.Select(error => KeyValuePair.Create<string, JsonNode?>(error.Key, new JsonObject
    {
        ["summary"] = error.Value!["when"]!.DeepClone(),
        ["value"] = new JsonObject { ["error_code"] = error.Key, ["message"] = error.Value["message"]!.DeepClone() },
    })));

    public void AddTo(JsonObject operation)
    {
        var isOpen = operation["security"] is JsonArray { Count: 0 };
        var codes = Texts(operation[CodesOfAnOperation])
            .Concat(isOpen ? [] : Texts(ofEveryOperation["errors-with-key"]))
            .Concat(Texts(ofEveryOperation["errors"]));
        operation.Remove(CodesOfAnOperation);
        var responses = operation["responses"]!.AsObject();
        var byStatus =
            from code in codes
            from status in table[code]!["status"]!.AsArray()
            group code by (int)status! into answer
            orderby answer.Key
            select answer;
        foreach (var answer in byStatus)
        {
            var name = answer.Key.ToString(System.Globalization.CultureInfo.InvariantCulture);
            responses[name] = ResponseOf(answer.Key, [.. answer], responses[name] as JsonObject);
        }

        foreach (var (_, response) in responses)
        {
            var headers = response!["headers"] as JsonObject;
            response["headers"] = headers ??= [];
            foreach (var name in Texts(ofEveryOperation["headers"]))
            {
                headers.Add(name, Reference("headers", name));
            }
        }
    }

    /// <param name="own">What the operation itself says of an answer of this status, if anything.</param>
    private JsonObject ResponseOf(int status, string[] codes, JsonObject? own)
    {
        var response = own ?? [];
        var cases = codes.Select(code => $"- `{code}`: {table[code]!["when"]}");
        response["description"] = string.Join('\n', own?["description"] is { } first ? cases.Prepend($"{first}\n") : cases);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response["headers"] = new JsonObject { ["Retry-After"] = Reference("headers", "Retry-After") };
        }

        response["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = Reference("schemas", "Error"),
                ["examples"] = new JsonObject(codes.Select(code => KeyValuePair.Create<string, JsonNode?>(code, Reference("examples", code)))),
            },
        };
        return response;
    }

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(text => (string)text!) ?? [];
}
