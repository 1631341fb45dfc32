using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Iga.Waiting;

/// <summary>
/// The preference <c>wait</c> of the header <c>Prefer</c> (RFC 7240): for how many seconds the caller is ready to wait for the end of
/// what it ordered. The header may come several times, and with other preferences, which are ignored, as is whatever can't be read.
/// </summary>
internal static class WaitPreference
{
    public const string HeaderName = "Prefer";
    public const string AppliedHeaderName = "Preference-Applied";

    /// <summary>Who asks for more gets this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private const string Wait = "wait";

    /// <summary>A header of more characters is not read.</summary>
    private const int LongestHeader = 4096;

    /// <returns>Zero where the caller does not ask to wait.</returns>
    public static TimeSpan Read(StringValues headers)
    {
        // Several headers mean the same as one with all of their preferences; of a preference that is given twice the first one counts.
        foreach (var header in headers)
        {
            foreach (var preference in Split(header, ','))
            {
                // What follows the first semicolon are parameters; wait has none.
                var (name, value) = NameAndValue(Split(preference, ';').First());
                if (name.Equals(Wait, StringComparison.OrdinalIgnoreCase))
                {
                    return Seconds(value);
                }
            }
        }

        return TimeSpan.Zero;
    }

    public static string Applied(TimeSpan wait) => string.Create(CultureInfo.InvariantCulture, $"{Wait}={wait.TotalSeconds:0}");

    private static TimeSpan Seconds(string value) =>
        value.Length > 0 && value.All(char.IsAsciiDigit)
            ? int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < Longest.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : Longest
            : TimeSpan.Zero;

    private static (string Name, string Value) NameAndValue(string preference) => preference.IndexOf('=') is >= 0 and var at
        ? (preference[..at].Trim(), preference[(at + 1)..].Trim().Trim('"'))
        : (preference.Trim(), "");

    /// <summary>Splits at a separator that does not stand in a quoted string.</summary>
    private static IEnumerable<string> Split(string? text, char separator)
    {
        if (text is null || text.Length > LongestHeader)
        {
            yield return "";
            yield break;
        }

        var begin = 0;
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '\\' when isQuoted:
                    at++;
                    break;
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case var character when character == separator && !isQuoted:
                    yield return text[begin..at];
                    begin = at + 1;
                    break;
            }
        }

        yield return text[begin..];
    }
}
