using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.OpenApi;

namespace Iga.Tests.OpenApi.Contract;

/// <summary>The service's OpenAPI document, ready to hold answers to.</summary>
internal sealed class AnswerContract
{
    public const string Json = "application/json";

    private static readonly Lazy<AnswerContract> OfThisVersion = new(() => new(DocumentParts.Join()));

    /// <summary>Headers of HTTP itself, which no document tells of.</summary>
    private static readonly HashSet<string> OfHttp = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Date", "Keep-Alive", "Server", "Transfer-Encoding",
    };

    /// <summary>What is answered where there is no such path or method, and so before any operation.</summary>
    private static readonly string[] OfNoOperation =
        ["IGA_NOT_FOUND", "IGA_METHOD_NOT_ALLOWED", "IGA_WRONG_HOST", "IGA_BAD_REQUEST", "IGA_UNAUTHORIZED"];

    private readonly JsonObject _document;
    private readonly StrictSchemas _schemas;
    private readonly (string[] Segments, JsonObject Item)[] _paths;

    public AnswerContract(JsonObject document)
    {
        _document = document;
        _schemas = new StrictSchemas(document["components"]!["schemas"]!.AsObject());

        // What is written out goes before what may be anything.
        _paths =
        [
            .. document["paths"]!.AsObject()
                .Select(path => (SegmentsOf(path.Key), path.Value!.AsObject()))
                .OrderBy(path => path.Item1.Count(segment => segment.StartsWith('{'))),
        ];
    }

    public static AnswerContract Instance => OfThisVersion.Value;

    /// <returns>What is wrong, with where it stands; null if nothing is.</returns>
    public async Task<string?> FindWrongAsync(
        string method, string path, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        if (IsServersOwn(answer))
        {
            return null;
        }

        if (Find(path)?[method.ToLowerInvariant()] is not JsonObject operation)
        {
            var isTold = status is 404 or 405 or 421 or 400 or 401;
            return !isTold ? $"it is not documented, and the status is {status}"
                : status == 405 && answer.Content.Headers.Allow.Count == 0 ? "405 without the header Allow"
                : method == "HEAD" ? null
                : await FindWrongInErrorAsync(answer, OfNoOperation, cancellationToken);
        }

        if (operation["responses"]![$"{status}"] is not JsonObject response)
        {
            return $"status {status} is not documented: {await answer.Content.ReadAsStringAsync(cancellationToken)}";
        }

        return FindWrongHeader(response, answer.Headers, answer.Content.Headers)
            ?? await FindWrongInBodyAsync(method, status, response, answer, cancellationToken);
    }

    /// <summary>What is no HTTP the server refuses before anything of the service sees it: with a status, and nothing else.</summary>
    private static bool IsServersOwn(HttpResponseMessage answer) =>
        (int)answer.StatusCode is 400 or 408 or 431 && answer.Content.Headers.ContentLength == 0
        && answer.Headers.All(header => OfHttp.Contains(header.Key));

    private string? FindWrongHeader(JsonObject response, HttpResponseHeaders own, HttpContentHeaders ofContent)
    {
        var documented = (response["headers"] as JsonObject ?? []).ToDictionary(
            header => header.Key, header => Resolve(header.Value!), StringComparer.OrdinalIgnoreCase);
        var sent = own.Concat(ofContent).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in sent.Where(header => !OfHttp.Contains(header.Key)))
        {
            if (!documented.TryGetValue(name, out var header))
            {
                return $"header {name} is not documented: {value}";
            }

            if (_schemas.FindWrong(header["schema"]!, JsonSerializer.SerializeToElement(value)) is { } wrong)
            {
                return $"header {name}: {wrong}";
            }
        }

        return documented.FirstOrDefault(header => header.Value["required"] is not null && !sent.ContainsKey(header.Key)).Key is { } missing
            ? $"header {missing} is missing"
            : null;
    }

    private async Task<string?> FindWrongInBodyAsync(
        string method, int status, JsonObject response, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var type = answer.Content.Headers.ContentType?.MediaType;
        if (method == "HEAD" || response["content"] is not JsonObject content)
        {
            var length = (await answer.Content.ReadAsByteArrayAsync(cancellationToken)).Length;
            return length == 0 ? null : $"there is a body of {length} bytes, where none is documented";
        }

        if (type is null || content[type] is not JsonObject media)
        {
            return $"Content-Type {type} is not documented";
        }

        if (type != Json)
        {
            return null;
        }

        if (status >= 400 && media["schema"]?["$ref"]?.ToString().EndsWith("/Error", StringComparison.Ordinal) == true)
        {
            return await FindWrongInErrorAsync(answer, [.. media["examples"]!.AsObject().Select(example => example.Key)], cancellationToken);
        }

        var body = await ReadAsync(answer, cancellationToken);
        return _schemas.FindWrong(media["schema"]!, body) is { } wrong ? $"{wrong}, in {body}" : null;
    }

    /// <param name="codes">Those that it may have.</param>
    private async Task<string?> FindWrongInErrorAsync(HttpResponseMessage answer, string[] codes, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != Json)
        {
            return $"an error with the Content-Type {answer.Content.Headers.ContentType}";
        }

        var body = await ReadAsync(answer, cancellationToken);
        var reference = new JsonObject { ["$ref"] = "#/components/schemas/Error" };
        return _schemas.FindWrong(reference, body) is { } wrong ? $"{wrong}, in {body}"
            : codes.Contains(body.GetProperty("error_code").GetString()) ? null
            : $"this code is not documented for the status {(int)answer.StatusCode}: {body}";
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        return body.RootElement.Clone();
    }

    private JsonObject? Find(string path)
    {
        var segments = SegmentsOf(path);
        return _paths.FirstOrDefault(known => known.Segments.Length == segments.Length && known.Segments.Zip(segments).All(
            pair => pair.First.StartsWith('{') || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase))).Item;
    }

    private static string[] SegmentsOf(string path) => path.Trim('/').Split('/');

    private JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference
        ? reference.ToString().Split('/').Skip(1).Aggregate((JsonNode)_document, (part, name) => part[name]!)
        : node;
}
