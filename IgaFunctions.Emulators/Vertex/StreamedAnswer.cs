using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>
/// An answer of <c>:generateContent</c> in chunks: one for each of its parts, and with the last one why it ended and what it counts for.
/// It comes as a JSON array, or as server-sent events.
/// </summary>
internal sealed class StreamedAnswer
{
    private readonly bool _isEvents;
    private readonly List<PictureAnswer> _chunks = [];

    public StreamedAnswer(PictureAnswer whole, bool isEvents)
    {
        _isEvents = isEvents;
        using var document = JsonDocument.Parse(whole.Json);
        var answer = document.RootElement;
        var parts = PartsOf(answer);
        var pictures = new Queue<PictureAnswer.Picture>(whole.Pictures);
        for (var i = 0; i < Math.Max(parts.Count, 1); i++)
        {
            var part = parts.Count > 0 ? parts[i] : (JsonElement?)null;
            var isLast = i >= parts.Count - 1;
            // The data of an event is one line.
            _chunks.Add(new((chunk, json) => new ChunkWriter(chunk, json, pictures).Write(answer, part, isLast), isIndented: !isEvents));
        }
    }

    /// <summary>Bytes of the whole answer.</summary>
    public long Length => _chunks.Sum(c => c.Length + Before(c).Length + After(c).Length);

    /// <param name="isBroken">The last chunk breaks off in its middle, as if that were all.</param>
    public async Task SendAsync(HttpContext context, bool isBroken)
    {
        var (body, stop) = (context.Response.Body, context.RequestAborted);
        JsonAnswer.Begin(context, StatusCodes.Status200OK, null, _isEvents ? "text/event-stream" : JsonAnswer.ContentType);
        foreach (var chunk in _chunks)
        {
            await body.WriteAsync(Before(chunk).ToArray(), stop);
            if (isBroken && chunk == _chunks[^1])
            {
                await body.WriteAsync(chunk.FirstHalf, stop);
                return;
            }

            await chunk.WriteAsync(body, stop);
            await body.WriteAsync(After(chunk).ToArray(), stop);
        }
    }

    private ReadOnlySpan<byte> Before(PictureAnswer chunk) => _isEvents ? "data: "u8 : chunk == _chunks[0] ? "["u8 : ""u8;

    private ReadOnlySpan<byte> After(PictureAnswer chunk) => _isEvents ? "\r\n\r\n"u8 : chunk == _chunks[^1] ? "\n]"u8 : "\n,\r\n"u8;

    private static IReadOnlyList<JsonElement> PartsOf(JsonElement answer) =>
        answer.TryGetProperty("candidates", out var candidates)
        && candidates[0].TryGetProperty("content", out var content)
        && content.TryGetProperty("parts", out var parts)
            ? [.. parts.EnumerateArray()]
            : [];
}
