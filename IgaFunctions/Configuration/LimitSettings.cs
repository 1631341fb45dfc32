using System.Globalization;
using Iga.Callers;
using Iga.Limits;

namespace Iga.Configuration;

/// <summary>Reads how much work the service takes on: in all, and for API keys by their names.</summary>
internal static class LimitSettings
{
    private const string KeyLimits = "IGA_KEY_LIMITS";

    private const string DailySpendLimit = "IGA_DAILY_SPEND_LIMIT";

    private const string Form =
        "must be a list such as cpoa:requests=60;pending=200;spend=5,other:spend=0.5 (a key's name; requests a minute, pending tasks, "
        + "US dollars a day)";

    public static LimitOptions Read(Settings settings)
    {
        var max = settings.WholeNumber("IGA_MAX_PENDING", 1, 1_000_000) ?? LimitOptions.DefaultMaxPending;
        var callers = new Dictionary<string, CallerLimits>(StringComparer.Ordinal);
        foreach (var item in settings.List(KeyLimits))
        {
            if (item.Split(':', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, { Length: > 0 } members])
            {
                settings.Error(KeyLimits, item, Form);
            }
            else if (!callers.TryAdd(name, ReadMembers(settings, item, members)))
            {
                settings.Error(KeyLimits, item, $"'{name}' has limits already");
            }
        }

        return new LimitOptions(max, callers, ReadDailySpend(settings));
    }

    /// <summary>A name that no key has is told, but not refused: a file of keys may get it later.</summary>
    public static void TellOfUnknownNames(Settings settings, LimitOptions limits, ApiKeyOptions keys)
    {
        var unknown = limits.Callers.Keys.Except(keys.Set.Keys.Select(key => key.Caller.Name), StringComparer.Ordinal).ToArray();
        if (keys.AreConfigured && unknown.Length > 0)
        {
            settings.Notice($"{KeyLimits} has limits for {string.Join(", ", unknown.Order(StringComparer.Ordinal))}, but no API key has that name");
        }
    }

    private static decimal? ReadDailySpend(Settings settings)
    {
        if (settings.Text(DailySpendLimit) is not { } value)
        {
            return null;
        }

        if (Usd(value) is { } usd)
        {
            return usd;
        }

        settings.Error(DailySpendLimit, value, "must be US dollars such as 25 or 2.50, from 0.01 to 1000000");
        return null;
    }

    private static CallerLimits ReadMembers(Settings settings, string item, string members)
    {
        var limits = new CallerLimits();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in members.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var read = member.Split('=', StringSplitOptions.TrimEntries) switch
            {
                [var name, _] when !seen.Add(name) => Wrong($"'{name}' is given twice"),
                ["requests", var value] => WholeNumber(value) is { } requests
                    ? limits with { RequestsPerMinute = requests }
                    : Wrong("requests must be a whole number from 1 to 100000"),
                ["pending", var value] => WholeNumber(value) is { } pending
                    ? limits with { Pending = pending }
                    : Wrong("pending must be a whole number from 1 to 100000"),
                ["spend", var value] => Usd(value) is { } usd
                    ? limits with { SpendPerDay = usd }
                    : Wrong("spend must be US dollars such as 2.50, from 0.01 to 1000000"),
                _ => Wrong(Form),
            };
            limits = read;
        }

        return limits;

        CallerLimits Wrong(string allowed)
        {
            settings.Error(KeyLimits, item, allowed);
            return limits;
        }
    }

    private static int? WholeNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 100_000 ? number : null;

    private static decimal? Usd(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd is >= 0.01m and <= 1_000_000m
            ? usd : null;
}
