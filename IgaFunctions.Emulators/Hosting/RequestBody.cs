using System.IO.Compression;
using System.Text.Json;

namespace Iga.Emulators.Hosting;

/// <summary>Reads the JSON bodies of requests. Google's .NET clients gzip theirs.</summary>
internal static class RequestBody
{
    private const int Limit = 32 * 1024 * 1024;

    public static async Task<byte[]> ReadAsync(HttpContext context)
    {
        await using var stream = Unpacked(context.Request);
        using var memory = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, context.RequestAborted) is var read and > 0)
        {
            if (memory.Length + read > Limit)
            {
                throw new ApiException(413, message: $"Request payload size exceeds the limit: {Limit} bytes.");
            }

            memory.Write(chunk, 0, read);
        }

        return memory.ToArray();
    }

    /// <summary>The body as it was before it was packed for the way.</summary>
    public static Stream Unpacked(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString().Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;

    /// <param name="json">Empty reads as an empty object.</param>
    /// <returns>The root element; independent of any document's lifetime.</returns>
    public static JsonElement ParseObject(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Length == 0 ? "{}"u8.ToArray() : json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ApiException(400, message: "Invalid JSON payload received. Unknown name \"\": Root element must be a message.");
        }
        catch (JsonException exception)
        {
            throw new ApiException(400, message: $"Invalid JSON payload received. {JsonProblem.Of(exception)}");
        }
    }
}
