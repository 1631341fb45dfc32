using System.Text.Json.Nodes;

namespace Iga.OpenApi;

/// <summary>
/// The files of <c>Document/</c>, joined: <c>document.json</c>, the paths and schemas of the folders, the errors of <c>errors.json</c> in each
/// operation that names them, the headers of every 304, and HEAD beside every GET.
/// </summary>
internal static class DocumentParts
{
    private const string Folder = "openapi/";
    private const string OfEveryOperation = "x-of-every-operation";

    public static JsonObject Join()
    {
        var document = Read("document.json");
        var components = document["components"]!;
        var paths = Add(document["paths"]!.AsObject(), "paths/");
        var schemas = Add(components["schemas"]!.AsObject(), "schemas/");

        var errors = new ErrorResponses(Read("errors.json"), document[OfEveryOperation]!);
        document.Remove(OfEveryOperation);
        components["examples"] = errors.Examples();
        schemas["ErrorCode"]!["enum"] = errors.Codes();
        foreach (var (_, item) in paths)
        {
            foreach (var (_, operation) in item!.AsObject())
            {
                AddHeadersOf304(operation!["responses"]!);
                errors.AddTo(operation.AsObject());
            }

            if (item["get"] is JsonObject get)
            {
                item["head"] = HeadOf(get);
            }
        }

        return document;
    }

    /// <summary>Who has it already gets the headers of who gets it.</summary>
    private static void AddHeadersOf304(JsonNode responses)
    {
        if (responses["304"] is { } unchanged)
        {
            unchanged["headers"] = responses["200"]!["headers"]!.DeepClone();
        }
    }

    /// <summary>The same answers, without their bodies.</summary>
    private static JsonObject HeadOf(JsonObject get)
    {
        var head = get.DeepClone().AsObject();
        var name = get["operationId"]!.ToString();
        head["operationId"] = $"head{char.ToUpperInvariant(name[0])}{name[1..]}";
        head["summary"] = $"{get["summary"]} (no body)";
        head["x-scalar-ignore"] = true; // it would stand beside every GET of the page
        head.Remove("description");
        foreach (var (_, response) in head["responses"]!.AsObject())
        {
            response!.AsObject().Remove("content");
        }

        return head;
    }

    private static JsonObject Add(JsonObject target, string folder)
    {
        var files = typeof(DocumentParts).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder + folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        foreach (var (name, part) in files.SelectMany(file => Read(file[Folder.Length..])))
        {
            target.Add(name, part!.DeepClone());
        }

        return target;
    }

    private static JsonObject Read(string name)
    {
        using var file = typeof(DocumentParts).Assembly.GetManifestResourceStream(Folder + name)!;
        return JsonNode.Parse(file)!.AsObject();
    }
}
