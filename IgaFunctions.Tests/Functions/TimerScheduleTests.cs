using System.Globalization;
using Iga.LocalHost.Functions.Timers;

namespace Iga.Tests.Functions;

public sealed class TimerScheduleTests
{
    [Theory]
    [InlineData("*/15 * * * * *", "2026-11-01T12:00:00", "2026-11-01T12:00:15")]
    [InlineData("*/15 * * * * *", "2026-11-01T12:00:14.9999999", "2026-11-01T12:00:15")]
    [InlineData("*/15 * * * * *", "2026-12-31T23:59:45", "2027-01-01T00:00:00")]
    [InlineData("  */30  * * *  * * ", "2026-11-01T12:00:30.5", "2026-11-01T12:01:00")]
    [InlineData("*/7 * * * * *", "2026-11-01T12:00:56", "2026-11-01T12:01:00")]
    [InlineData("*/59 * * * * *", "2026-11-01T12:00:00", "2026-11-01T12:00:59")]
    [InlineData("* * * * * *", "2026-11-01T12:00:00.1", "2026-11-01T12:00:01")]
    public void The_next_occurrence(string schedule, string after, string expected)
    {
        Assert.Equal(Utc(expected), TimerSchedule.Parse(schedule).Next(Utc(after)));
    }

    [Theory]
    [InlineData("*/15 * * * *")]
    [InlineData("*/0 * * * * *")]
    [InlineData("*/60 * * * * *")]
    [InlineData("*/-5 * * * * *")]
    [InlineData("5 * * * * *")]
    [InlineData("0 */5 * * * *")]
    [InlineData("*/15 * * * * MON")]
    [InlineData("%setting%")]
    [InlineData("")]
    public void A_schedule_that_the_host_does_not_know_is_named_and_so_is_what_it_knows(string schedule)
    {
        var refused = Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule));
        Assert.Contains($"'{schedule}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("'*/n * * * * *'", refused.Message, StringComparison.Ordinal);
    }

    private static DateTime Utc(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
