using System.CommandLine.Parsing;
using System.Globalization;

namespace Iga.LocalHost.CommandLine;

/// <summary>Reads a point in the past: a date or time of ISO 8601, UTC unless it says otherwise, or how long ago, such as 30d or 12h.</summary>
internal static class PointInTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static DateTimeOffset? Read(ArgumentResult result, string option)
    {
        var value = result.Tokens[0].Value;
        var now = TimeProvider.System.GetUtcNow();
        if (Parse(value, now) is { } time && time <= now)
        {
            return time;
        }

        result.AddError(
            $"{option} must be a date such as 2026-11-01, a time such as 2026-11-01T12:00Z, or how long ago such as 30d or 12h, "
            + $"and not in the future, but is '{value}'.");
        return null;
    }

    internal static DateTimeOffset? Parse(string value, DateTimeOffset now)
    {
        if (value is [.. var number, 'd' or 'h']
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            return now - (value[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count));
        }

        return DateTimeOffset.TryParseExact(
            value, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
