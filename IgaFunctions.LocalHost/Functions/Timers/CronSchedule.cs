namespace Iga.LocalHost.Functions.Timers;

/// <summary>
/// A schedule in NCRONTAB's six fields: second, minute, hour, day, month, day of the week (0 or SUN is Sunday). Times are
/// UTC. Unlike in cron, day and day of the week must both match.
/// </summary>
internal sealed class CronSchedule
{
    private readonly CronField seconds;
    private readonly CronField minutes;
    private readonly CronField hours;
    private readonly CronField days;
    private readonly CronField months;
    private readonly CronField weekdays;

    private CronSchedule(string[] fields)
    {
        seconds = CronField.Parse("second", fields[0], 0, 59);
        minutes = CronField.Parse("minute", fields[1], 0, 59);
        hours = CronField.Parse("hour", fields[2], 0, 23);
        days = CronField.Parse("day", fields[3], 1, 31);
        months = CronField.Parse(
            "month", fields[4], 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
        weekdays = CronField.Parse("day of the week", fields[5], 0, 6, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
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
            if (!months.Has(time.Month))
            {
                time = new DateTime(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1);
            }
            else if (!days.Has(time.Day) || !weekdays.Has((int)time.DayOfWeek))
            {
                time = time.Date.AddDays(1);
            }
            else if (!hours.Has(time.Hour))
            {
                time = time.Date.AddHours(time.Hour + 1);
            }
            else if (!minutes.Has(time.Minute))
            {
                time = time.AddSeconds(-time.Second).AddMinutes(1);
            }
            else if (!seconds.Has(time.Second))
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
