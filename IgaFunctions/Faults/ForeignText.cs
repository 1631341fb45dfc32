using System.Text;
using System.Text.RegularExpressions;

namespace Iga.Faults;

/// <summary>
/// Makes the words of another service fit for a message of ours: one line, short, and without addresses, account names,
/// tokens, or the text that the caller sent.
/// </summary>
internal static partial class ForeignText
{
    private const int MaxLength = 300;

    // Longer than any prompt, so that an echoed prompt is found whole before the text is cut.
    private const int MaxScanned = 16_384;

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

        line = Secret().Replace(line, "[secret]");
        line = Address().Replace(line, "[address]");
        line = Account().Replace(line, "[account]");
        line = Host().Replace(line, "[host]");
        return line.Length == 0 ? null : AsSentence(Cut(line));
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().Trim();
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

    [GeneratedRegex(@"(?:[a-z][a-z0-9+.-]*:)?//[^\s""'<>)\]]+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\bbearer\s+[\w.~+/=-]+|\bya29\.[\w.-]+|\bAIza[\w-]{10,}", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")]
    private static partial Regex Account();

    [GeneratedRegex(
        @"\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|cloud|internal|local|localdomain)\b(?::\d+)?"
        + @"|\blocalhost\b(?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?",
        RegexOptions.IgnoreCase)]
    private static partial Regex Host();
}
