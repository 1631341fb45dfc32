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
    private readonly List<Picture> _pictures = [];

    /// <param name="isIndented">As Google's services indent; otherwise all of it is one line.</param>
    public PictureAnswer(Action<PictureAnswer, Utf8JsonWriter> write, bool isIndented = true)
    {
        using var json = new Utf8JsonWriter(_json, JsonAnswer.Form with { Indented = isIndented });
        write(this, json);
    }

    /// <summary>The answer with empty strings in place of its pictures.</summary>
    public ReadOnlyMemory<byte> Json => _json.WrittenMemory;

    /// <summary>In the order in which they stand in the answer.</summary>
    public IReadOnlyList<Picture> Pictures => _pictures;

    public long Length => _json.WrittenCount + _pictures.Sum(p => Encoded(p.Bytes.Length) * p.Times);

    /// <summary>The JSON up to somewhere in its middle.</summary>
    public ReadOnlyMemory<byte> FirstHalf => _json.WrittenMemory[..(_json.WrittenCount / 2)];

    /// <summary>Writes a property whose value is the base64 of the bytes.</summary>
    /// <param name="times">How often the bytes are repeated; more than once only for a multiple of 3 bytes.</param>
    public void WritePicture(Utf8JsonWriter json, string property, ReadOnlyMemory<byte> bytes, int times = 1)
    {
        json.WriteString(property, "");
        json.Flush();
        _pictures.Add(new Picture(_json.WrittenCount - 1, bytes, times)); // before the closing quote
    }

    public async Task SendAsync(HttpContext context)
    {
        JsonAnswer.Begin(context, 200, Length);
        await WriteAsync(context.Response.Body, context.RequestAborted);
    }

    public async Task WriteAsync(Stream body, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Encoded(ChunkBytes));
        try
        {
            var sent = 0;
            foreach (var picture in _pictures)
            {
                await body.WriteAsync(_json.WrittenMemory[sent..picture.At], stop);
                sent = picture.At;
                for (var i = 0; i < picture.Times; i++)
                {
                    for (var bytes = picture.Bytes; !bytes.IsEmpty; bytes = bytes[Math.Min(ChunkBytes, bytes.Length)..])
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
    public Task SendBrokenAsync(HttpContext context) => JsonAnswer.SendAsync(context, 200, FirstHalf);

    private static long Encoded(int bytes) => (bytes + 2L) / 3 * 4;

    /// <summary>A picture in the answer.</summary>
    /// <param name="At">Where its base64 goes in <see cref="Json"/>.</param>
    /// <param name="Times">How often the bytes are repeated.</param>
    public sealed record Picture(int At, ReadOnlyMemory<byte> Bytes, int Times);
}
