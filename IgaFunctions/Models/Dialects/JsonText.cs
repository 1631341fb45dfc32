using System.Globalization;
using System.Text;

namespace Iga.Models.Dialects;

/// <summary>
/// The text of a JSON string. What is no text (half of a surrogate pair, broken UTF-8) becomes U+FFFD, and an unknown escape
/// stands for itself: words are there to be read by people.
/// </summary>
internal static class JsonText
{
    /// <param name="raw">The string as it stands in the JSON, between its quotes; it may be cut off.</param>
    public static string Decode(ReadOnlySpan<byte> raw) => WithoutLoneSurrogates(DecodeAsIs(raw));

    /// <returns>With halves of surrogate pairs as they are, so that texts which differ stay different.</returns>
    /// <inheritdoc cref="Decode"/>
    public static string DecodeAsIs(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (raw.IndexOf((byte)'\\') is >= 0 and var at)
        {
            text.Append(Encoding.UTF8.GetString(raw[..at]));
            raw = raw[(at + 1)..];
            if (!raw.IsEmpty)
            {
                text.Append(Unescape(raw, out var length));
                raw = raw[length..];
            }
        }

        text.Append(Encoding.UTF8.GetString(raw));
        return text.ToString();
    }

    private static char Unescape(ReadOnlySpan<byte> escape, out int length)
    {
        length = 1;
        if (escape[0] == 'u' && escape.Length >= 5 && ushort.TryParse(
            escape[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            length = 5;
            return (char)code;
        }

        return escape[0] switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            < 0x80 and var literal => (char)literal,
            _ => '\uFFFD',
        };
    }

    private static string WithoutLoneSurrogates(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text;
        }

        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune);
        }

        return whole.ToString();
    }
}
