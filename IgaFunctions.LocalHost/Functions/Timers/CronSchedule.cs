namespace Iga.LocalHost.Functions.Timers;

/// <summary>
/// A schedule in NCRONTAB's six fields: second, minute, hour, day, month, day of the week (0 or SUN is Sunday). Times are
/// UTC. Unlike in cron, day and day of the week must both match.
/// </summary>
internal sealed class CronSchedule
{
    private readonly CronField _seconds;
    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;

    private CronSchedule(string[] fields)
    {
        _seconds = CronField.Parse("second", fields[0], 0, 59);
        _minutes = CronField.Parse("minute", fields[1], 0, 59);
        _hours = CronField.Parse("hour", fields[2], 0, 23);
        _days = CronField.Parse("day", fields[3], 1, 31);
        _months = CronField.Parse(
            "month", fields[4], 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
        _weekdays = CronField.Parse("day of the week", fields[5], 0, 6, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    }

    /// <exception cref="FormatException">It is not a schedule, or one that never occurs; the message says why.</exception>
    public static CronSchedule Parse(string text)
    {
        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
        {
            throw new FormatException($"'{text}' has {fields.Length} fields; a schedule has six, seconds first.");
        }

        CronSchedule schedule = new(fields);
        return schedule.Next(new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc)) is not null
            ? schedule
            : throw new FormatException($"'{text}' never occurs.");
    }

    /// <summary>The first occurrence after a time; null if there is none (before the calendar ends).</summary>
    public DateTime? Next(DateTime after)
    {
        // The calendar repeats after 400 years, but day, month and day of the week have met within 40 or never will
        // (29 February on a given weekday: at most 40 years apart, around 2100).
        var last = Math.Min(after.Year + 40, DateTime.MaxValue.Year);
        var time = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        while (time.Year <= last)
        {
            if (!_months.Has(time.Month))
            {
                time = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            }
            else if (!_days.Has(time.Day) || !_weekdays.Has((int)time.DayOfWeek))
            {
                time = time.Date.AddDays(1);
            }
            else if (!_hours.Has(time.Hour))
            {
                time = time.Date.AddHours(time.Hour + 1);
            }
            else if (!_minutes.Has(time.Minute))
            {
                time = time.AddSeconds(-time.Second).AddMinutes(1);
            }
            else if (!_seconds.Has(time.Second))
            {
                time = time.AddSeconds(1);
            }
            else
            {
                return time;
            }
        }

        return null;
    }
}
