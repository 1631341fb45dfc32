using System.Globalization;
using System.Text;

namespace Iga.LocalHost.CommandLine;

/// <summary>Text of a service or a caller, made fit for a terminal.</summary>
internal static class ShownText
{
    /// <summary>
    /// Control characters, with which a text could move the cursor or set the window's title, and those that turn the direction of
    /// writing around are shown as their code, and not obeyed.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.EnumerateRunes().Any(MustBeShown))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                shown.Append("\\n");
            }
            else if (MustBeShown(rune))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                shown.Append(rune.ToString());
            }
        }

        return shown.ToString();
    }

    /// <summary>The same, cut to a number of characters.</summary>
    public static string Of(string text, int longest)
    {
        var shown = Of(text);
        var elements = StringInfo.ParseCombiningCharacters(shown);
        return elements.Length <= longest ? shown : shown[..elements[longest - 1]] + "…";
    }

    private static bool MustBeShown(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;
}
