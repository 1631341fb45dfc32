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

    private static readonly SearchValues<byte> Irregular = SearchValues.Create("-_ \t\r\n"u8);

    /// <param name="json">The whole document; overwritten in the string's place.</param>
    /// <returns>The decoded bytes, a part of <paramref name="json"/>, or empty when the string is not base64.</returns>
    public static Memory<byte> Decode(Memory<byte> json, EncodedPicture text)
    {
        var encoded = json.Slice(text.Start, text.Length);
        if (text.IsEscaped || encoded.Span.ContainsAny(Irregular))
        {
            encoded = encoded[..Normalize(encoded.Span)];
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
        var whole = encoded.Length & ~3;
        var to = 0;
        for (var from = 0; from < whole; from += Piece)
        {
            var piece = encoded[from..Math.Min(from + Piece, whole)];
            var isLast = from + Piece >= encoded.Length;
            if (Base64.DecodeFromUtf8(piece, decoded, out _, out var written, isLast) != OperationStatus.Done)
            {
                return null;
            }

            decoded[..written].CopyTo(encoded[to..]);
            to += written;
        }

        if (whole < encoded.Length)
        {
            // Padding may be left out.
            Span<byte> padded = [(byte)'=', (byte)'=', (byte)'=', (byte)'='];
            encoded[whole..].CopyTo(padded);
            if (Base64.DecodeFromUtf8(padded, decoded, out _, out var written) != OperationStatus.Done)
            {
                return null;
            }

            decoded[..written].CopyTo(encoded[to..]);
            to += written;
        }

        return to;
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
