using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Iga.Emulators.Hosting;

/// <summary>Answers with JSON, indented as Google's services do.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json; charset=UTF-8";

    // Never inside HTML: quotes and ampersands stay readable.
    public static readonly JsonWriterOptions Form = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ReadOnlyMemory<byte> Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Form))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    public static async Task SendAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        Begin(context, status, json.Length);
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    public static Task SendAsync(HttpContext context, int status, Action<Utf8JsonWriter> write) =>
        SendAsync(context, status, Build(write));

    /// <param name="length">Null where the answer comes in chunks.</param>
    public static void Begin(HttpContext context, int status, long? length, string contentType = ContentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }
}
