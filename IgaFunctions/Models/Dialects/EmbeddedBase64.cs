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

    private static readonly SearchValues<byte> Irregular = SearchValues.Create("\\-_ \t\r\n"u8);

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>
    /// Decodes up to whatever is not plain base64, such as the string's end; what is left has fewer than four characters as a rule.
    /// </summary>
    /// <param name="text">From the first character on; its beginning is overwritten by what is decoded.</param>
    /// <param name="consumed">How many characters are decoded, a multiple of four.</param>
    /// <returns>How many bytes they were.</returns>
    /// <remarks>
    /// Piece by piece through a small buffer, so that memory is read once: <see cref="Base64.DecodeFromUtf8InPlace"/> is not vectorized, and
    /// took a sixth of the service's CPU under load. Where a piece ends is not left to the decoder, which may count what stands behind
    /// the string as consumed (findings/base64-consumes-what-it-does-not-decode.sh).
    /// </remarks>
    public static int DecodePlain(Span<byte> text, out int consumed)
    {
        Span<byte> decoded = stackalloc byte[Piece / 4 * 3];
        consumed = 0;
        for (var to = 0; ;)
        {
            var piece = text.Slice(consumed, Math.Min(Piece, text.Length - consumed));
            var plain = piece.IndexOfAnyExcept(Alphabet);
            piece = piece[..((plain < 0 ? piece.Length : plain) & ~3)];
            Base64.DecodeFromUtf8(piece, decoded, out _, out var written);
            decoded[..written].CopyTo(text[to..]);
            to += written;
            consumed += piece.Length;
            if (piece.Length < Piece)
            {
                return to;
            }
        }
    }

    /// <summary>Decodes the end of a string, or all of one that is not plain.</summary>
    /// <param name="text">All characters, as they stand in the JSON; overwritten.</param>
    /// <returns>How many bytes there are, or null when it is not base64.</returns>
    public static int? Decode(Span<byte> text)
    {
        var encoded = text.ContainsAny(Irregular) ? text[..Normalize(text)] : text;
        var written = DecodePlain(encoded, out var consumed);
        var rest = encoded[consumed..];
        if (rest.IsEmpty)
        {
            return written;
        }

        // Padding may be left out.
        Span<byte> padded = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
        if (rest.Length > padded.Length)
        {
            return null;
        }

        rest.CopyTo(padded);
        Span<byte> last = stackalloc byte[3];
        if (Base64.DecodeFromUtf8(padded, last, out _, out var more) != OperationStatus.Done)
        {
            return null;
        }

        last[..more].CopyTo(encoded[written..]);
        return written + more;
    }

    /// <summary>Resolves escapes, drops white space, turns the URL-safe alphabet into the standard one.</summary>
    /// <returns>How many bytes are left.</returns>
    private static int Normalize(Span<byte> bytes)
    {
        var to = 0;
        for (var from = 0; from < bytes.Length;)
        {
            var c = bytes[from] == '\\' ? Unescape(bytes[from..], out var consumed) : Plain(bytes[from], out consumed);
            from += consumed;
            if (c is not (byte)' ' and not (byte)'\n' and not (byte)'\r' and not (byte)'\t')
            {
                bytes[to++] = c switch { (byte)'-' => (byte)'+', (byte)'_' => (byte)'/', _ => c };
            }
        }

        return to;
    }

    private static byte Plain(byte c, out int consumed)
    {
        consumed = 1;
        return c;
    }

    /// <returns>The escaped character; a NUL, which no base64 has, when it is not ASCII, or no escape.</returns>
    private static byte Unescape(ReadOnlySpan<byte> escape, out int consumed)
    {
        consumed = Math.Min(escape is [_, (byte)'u', ..] ? 6 : 2, escape.Length);
        return escape[..consumed] switch
        {
            [_, (byte)'u', .. var code] when ushort.TryParse(
                code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var c) && c < 128 => (byte)c,
            [_, (byte)'n'] => (byte)'\n',
            [_, (byte)'r'] => (byte)'\r',
            [_, (byte)'t'] => (byte)'\t',
            [_, (byte)'/'] => (byte)'/',
            _ => 0,
        };
    }
}
