using System.Globalization;
using System.Text;

namespace Iga.Faults;

/// <summary>
/// Makes the words of another service fit for a message of ours: one line, short, without markup or characters that nobody sees, and
/// without addresses, account names, keys, or the text that the caller sent.
/// </summary>
internal static class ForeignText
{
    private const int MaxLength = 300;

    // Whatever comes after it would be cut off anyway.
    private const int MaxScanned = 2_048;

    // So much of the prompt is taken for an echo of it, even where the other service cut it off.
    private const int EchoLength = 32;

    /// <param name="confidential">What must not be repeated, such as the prompt.</param>
    /// <returns>A sentence with its full stop, or null when nothing is left.</returns>
    public static string? Clean(string? text, string? confidential = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var line = OneLine(text.Length <= MaxScanned ? text : text[..MaxScanned]);
        if (confidential is not null)
        {
            line = WithoutEcho(line, OneLine(confidential));
        }

        line = WithoutMarkup(Confidential.HidePlaces(Confidential.HideSecrets(line)));
        return line.Length == 0 ? null : AsSentence(Cut(line));
    }

    /// <summary>Whether a character is seen, and leaves the order of others as it is.</summary>
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not ((>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF)); // variants of the character before

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else if (IsVisible(rune))
            {
                line.Append(rune);
            }
        }

        return line.ToString().Trim();
    }

    /// <summary>
    /// A page or a chat that shows the text as markup shows it as text all the same. An ampersand is changed where it begins a character
    /// reference, such as <c>&amp;lt;</c>.
    /// </summary>
    private static string WithoutMarkup(string line)
    {
        if (!line.AsSpan().ContainsAny('<', '>', '&'))
        {
            return line;
        }

        var plain = new StringBuilder(line.Length);
        for (var at = 0; at < line.Length; at++)
        {
            plain.Append(line[at] switch
            {
                '<' => '‹',
                '>' => '›',
                '&' when at + 1 < line.Length && (line[at + 1] == '#' || char.IsAsciiLetter(line[at + 1])) => '＆',
                var other => other,
            });
        }

        return plain.ToString();
    }

    private static string WithoutEcho(string line, string echo)
    {
        if (echo.Length < 3)
        {
            return line;
        }

        var head = echo.Length <= EchoLength ? echo : echo[..EchoLength];
        for (var from = 0; (from = line.IndexOf(head, from, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            var length = head.Length;
            while (length < echo.Length && from + length < line.Length
                && char.ToUpperInvariant(line[from + length]) == char.ToUpperInvariant(echo[length]))
            {
                length++;
            }

            if (head.Length < EchoLength && !IsWord(line, from, length))
            {
                from += length;
                continue;
            }

            line = $"{line[..from]}[prompt]{line[(from + length)..]}";
            from += "[prompt]".Length;
        }

        return line;
    }

    // A short prompt such as "art" is an echo as a word of its own only, not inside "start".
    private static bool IsWord(string line, int start, int length) =>
        (start == 0 || !char.IsLetterOrDigit(line[start - 1]))
        && (start + length == line.Length || !char.IsLetterOrDigit(line[start + length]));

    private static string Cut(string line)
    {
        if (line.Length <= MaxLength)
        {
            return line;
        }

        var end = char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return line[..end].TrimEnd() + "…";
    }

    private static string AsSentence(string line) => line[^1] is '.' or '!' or '?' or '…' ? line : line + ".";
}
