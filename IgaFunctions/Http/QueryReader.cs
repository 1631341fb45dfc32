using System.Globalization;

namespace Iga.Http;

/// <summary>
/// Reads the parameters of a query, and refuses what is wrong in one with its name: also one that nobody knows, since a misspelt filter
/// would answer with what it was meant to leave out.
/// </summary>
internal sealed class QueryReader
{
    private const int LongestText = 255;

    /// <summary>Of a name that is repeated to the caller.</summary>
    private const int LongestName = 50;

    /// <summary>What the Functions host lets callers send with any request: their key and its name.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    // RFC 3339, and its date alone, which is the day's begin.
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"];

    private readonly IQueryCollection _query;

    /// <param name="names">The parameters that the route knows.</param>
    /// <exception cref="RejectedException">There is another one, or one is given twice.</exception>
    public QueryReader(IQueryCollection query, params string[] names)
    {
        _query = query;
        foreach (var (name, values) in query)
        {
            if (!names.Contains(name, StringComparer.Ordinal) && !OfTheHost.Contains(name, StringComparer.Ordinal))
            {
                var shown = name.Length <= LongestName ? name : name[..LongestName] + "…";
                throw Wrong(shown, $"is not one of the parameters here: {string.Join(", ", names)}");
            }

            if (values.Count != 1 && names.Contains(name, StringComparer.Ordinal))
            {
                throw Wrong(name, "is given more than once");
            }
        }
    }

    /// <returns>Null where the parameter is not given.</returns>
    public string? Text(string name)
    {
        if (!_query.TryGetValue(name, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (string.IsNullOrWhiteSpace(text))
        {
            throw Wrong(name, "is blank; leave it out instead");
        }

        // PostgreSQL's text holds no U+0000, so nothing would be found either.
        return text.Length <= LongestText && !text.Contains('\0')
            ? text
            : throw Wrong(name, $"must be a text of at most {LongestText} characters, without U+0000");
    }

    public int? WholeNumber(string name, int minimum, int maximum) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number
        : throw Wrong(name, $"must be a whole number from {minimum} to {maximum}");

    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var isDate = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, styles, out var time);
        return isDate || (HasZone(text) && DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, styles, out time))
            ? time
            : throw Wrong(name, "must be a time such as 2026-11-28T09:30:00Z (RFC 3339; a + in it is written %2B), or a day such as 2026-11-28");
    }

    public string? OneOf(string name, params string[] values) => Text(name) is not { } text ? null
        : values.Contains(text, StringComparer.Ordinal) ? text
        : throw Wrong(name, $"must be one of {string.Join(", ", values)}");

    /// <returns>One or several of the values, separated by commas.</returns>
    public IReadOnlySet<string>? SomeOf(string name, params string[] values)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var asked = text.Split(',').ToHashSet(StringComparer.Ordinal);
        return asked.IsSubsetOf(values)
            ? asked
            : throw Wrong(name, $"must be one or several of {string.Join(", ", values)}, separated by commas");
    }

    /// <param name="what">Goes on after the parameter's name.</param>
    public static RejectedException Wrong(string name, string what) =>
        new(StatusCodes.Status400BadRequest, ErrorCode.BadQuery, $"Query parameter '{name}' {what}.") { Field = name };

    private static bool HasZone(string text) => text.EndsWith('Z') || text.AsSpan(Math.Max(0, text.Length - 6)).IndexOfAny('+', '-') == 0;
}
