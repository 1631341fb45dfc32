using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Iga.Models.Dialects;

/// <summary>
/// Decodes the base64 of a JSON string where it lies. A picture of megabytes is neither copied nor turned into a string.
/// </summary>
internal static class EmbeddedBase64
{
    /// <summary>Bytes of base64, a multiple of four.</summary>
    private const int Piece = 16 * 1024;

    private static readonly SearchValues<byte> Irregular = SearchValues.Create("-_ "u8);

    /// <param name="json">The whole document; overwritten in the string's place, closing quote included.</param>
    /// <returns>The decoded bytes, a part of <paramref name="json"/>, or empty when the string is not base64.</returns>
    public static Memory<byte> Decode(Memory<byte> json, ReplyContent.Picture text)
    {
        var encoded = json.Slice(text.Start, text.Length);
        if (text.IsEscaped || text.Length % 4 != 0 || encoded.Span.ContainsAny(Irregular))
        {
            // Behind a string in an object stand at least a quote and a brace: room for the padding that is missing.
            encoded = Normalize(json.Slice(text.Start, text.Length + 2), text.Length);
        }

        return DecodeInPlace(encoded.Span) is { } written ? encoded[..written] : default;
    }

    /// <summary>
    /// Piece by piece through a small buffer: <see cref="Base64.DecodeFromUtf8InPlace"/> is not vectorized, and took a
    /// sixth of the service's CPU under load.
    /// </summary>
    /// <returns>How many bytes there are, or null when it is not base64.</returns>
    private static int? DecodeInPlace(Span<byte> encoded)
    {
        Span<byte> decoded = stackalloc byte[Piece / 4 * 3];
        var to = 0;
        for (var from = 0; from < encoded.Length; from += Piece)
        {
            var piece = encoded.Slice(from, Math.Min(Piece, encoded.Length - from));
            var isLast = from + Piece >= encoded.Length;
            if (Base64.DecodeFromUtf8(piece, decoded, out _, out var written, isLast) != OperationStatus.Done)
            {
                return null;
            }

            decoded[..written].CopyTo(encoded[to..]);
            to += written;
        }

        return to;
    }

    /// <summary>Resolves escapes, drops white space, turns the URL-safe alphabet into the standard one, pads.</summary>
    private static Memory<byte> Normalize(Memory<byte> room, int length)
    {
        var bytes = room.Span;
        var to = 0;
        for (var from = 0; from < length;)
        {
            var c = bytes[from] == '\\' ? Unescape(bytes[from..length], out var consumed) : Plain(bytes[from], out consumed);
            from += consumed;
            if (c is not (byte)' ' and not (byte)'\n' and not (byte)'\r' and not (byte)'\t')
            {
                bytes[to++] = c switch { (byte)'-' => (byte)'+', (byte)'_' => (byte)'/', _ => c };
            }
        }

        if (to % 4 is 2 or 3)
        {
            var padding = 4 - (to % 4);
            bytes.Slice(to, padding).Fill((byte)'=');
            to += padding;
        }

        return room[..to];
    }

    private static byte Plain(byte c, out int consumed)
    {
        consumed = 1;
        return c;
    }

    /// <returns>The escaped character, or a NUL (which no base64 has) when it is not ASCII.</returns>
    private static byte Unescape(ReadOnlySpan<byte> escape, out int consumed)
    {
        // The reader has been here before: an escape is always whole and well-formed.
        consumed = escape[1] == 'u' ? 6 : 2;
        return escape[1] switch
        {
            (byte)'u' => int.Parse(escape[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is < 128 and var c
                ? (byte)c : (byte)0,
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' or (byte)'f' => 0,
            var literal => literal,
        };
    }
}
