using System.Globalization;

namespace Iga.LocalHost.Functions.Timers;

/// <summary>
/// A schedule of NCRONTAB's kind <c>*/n * * * * *</c>: every n seconds, counted anew from each full minute. The app has no other,
/// so others are refused.
/// </summary>
internal sealed class TimerSchedule
{
    private readonly int _seconds;

    private TimerSchedule(int seconds) => _seconds = seconds;

    /// <exception cref="FormatException">It is not such a schedule.</exception>
    public static TimerSchedule Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields is [var seconds, "*", "*", "*", "*", "*"] && SecondsOf(seconds) is { } every
            ? new TimerSchedule(every)
            : throw new FormatException(
                $"The local host does not know the schedule '{text}'. It knows '*/n * * * * *', every n seconds (1 to 59).");
    }

    /// <summary>The first occurrence after a time.</summary>
    public DateTime Next(DateTime after)
    {
        var minute = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);
        var second = (after.Second / _seconds + 1) * _seconds;
        return second < 60 ? minute.AddSeconds(second) : minute.AddMinutes(1);
    }

    private static int? SecondsOf(string field) => field.Split('/') switch
    {
        ["*"] => 1,
        ["*", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 60 => seconds,
        _ => null,
    };
}
