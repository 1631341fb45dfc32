using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>
/// A JSON answer with pictures in it. Their base64 is never held: it is encoded into the response as it is sent.
/// </summary>
internal sealed class PictureAnswer
{
    // A multiple of 3, so that every chunk but the last encodes without padding.
    private const int ChunkBytes = 48 * 1024;

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<Hole> _holes = [];

    public PictureAnswer(Action<PictureAnswer, Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(_json, JsonAnswer.Form);
        write(this, json);
    }

    public long Length => _json.WrittenCount + _holes.Sum(h => Encoded(h.Bytes.Length) * h.Times);

    /// <summary>Writes a property whose value is the base64 of the bytes.</summary>
    /// <param name="times">How often the bytes are repeated; more than once only for a multiple of 3 bytes.</param>
    public void WritePicture(Utf8JsonWriter json, string property, ReadOnlyMemory<byte> bytes, int times = 1)
    {
        json.WriteString(property, "");
        json.Flush();
        _holes.Add(new Hole(_json.WrittenCount - 1, bytes, times)); // before the closing quote
    }

    public async Task SendAsync(HttpContext context)
    {
        var (body, stop) = (context.Response.Body, context.RequestAborted);
        JsonAnswer.Begin(context, 200, Length);
        var buffer = ArrayPool<byte>.Shared.Rent((int)Encoded(ChunkBytes));
        try
        {
            var sent = 0;
            foreach (var hole in _holes)
            {
                await body.WriteAsync(_json.WrittenMemory[sent..hole.At], stop);
                sent = hole.At;
                for (var i = 0; i < hole.Times; i++)
                {
                    for (var bytes = hole.Bytes; !bytes.IsEmpty; bytes = bytes[Math.Min(ChunkBytes, bytes.Length)..])
                    {
                        var chunk = bytes[..Math.Min(ChunkBytes, bytes.Length)];
                        Base64.EncodeToUtf8(chunk.Span, buffer, out _, out var written);
                        await body.WriteAsync(buffer.AsMemory(0, written), stop);
                    }
                }
            }

            await body.WriteAsync(_json.WrittenMemory[sent..], stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends the JSON up to somewhere in its middle, as if that were all.</summary>
    public async Task SendBrokenAsync(HttpContext context)
    {
        var half = _json.WrittenMemory[..(_json.WrittenCount / 2)];
        await JsonAnswer.SendAsync(context, 200, half);
    }

    private static long Encoded(int bytes) => (bytes + 2L) / 3 * 4;

    private sealed record Hole(int At, ReadOnlyMemory<byte> Bytes, int Times);
}
