using System.Globalization;
using Iga.LocalHost.Functions.Timers;

namespace Iga.Tests.Functions;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("*/30 * * * * *", "2026-11-01T12:00:00", "2026-11-01T12:00:30")]
    [InlineData("*/30 * * * * *", "2026-11-01T12:00:30.5", "2026-11-01T12:01:00")]
    [InlineData("0 */5 * * * *", "2026-12-31T23:56:00", "2027-01-01T00:00:00")]
    [InlineData("5,8,10 * * * * *", "2026-11-01T12:00:08", "2026-11-01T12:00:10")]
    [InlineData("0 5/20 * * * *", "2026-11-01T12:30:00", "2026-11-01T12:45:00")]
    [InlineData("0 30 9-17/4 * * *", "2026-11-01T13:30:00", "2026-11-01T17:30:00")]
    [InlineData("0 0 0 * * 1-5", "2026-10-30T00:00:00", "2026-11-02T00:00:00")]
    [InlineData("0 30 9 * Jan Mon", "2026-11-01T00:00:00", "2027-01-04T09:30:00")]
    [InlineData("0 0 0 13 * FRI", "2026-11-01T00:00:00", "2026-11-13T00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-11-01T00:00:00", "2028-02-29T00:00:00")]
    [InlineData("0 0 0 29 2 SUN", "2072-01-01T00:00:00", "2088-02-29T00:00:00")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:59", "2027-12-31T23:59:59")]
    [InlineData("  0  0  *  *  *  0 ", "2026-11-02T00:00:00", "2026-11-08T00:00:00")]
    public void The_next_occurrence(string schedule, string after, string expected)
    {
        Assert.Equal(Utc(expected), CronSchedule.Parse(schedule).Next(Utc(after)));
    }

    [Theory]
    [InlineData("*/5 * * * *", "has 5 fields")]
    [InlineData("60 * * * * *", "not a second field")]
    [InlineData("* * 24 * * *", "not a hour field")]
    [InlineData("* * * 0 * *", "not a day field")]
    [InlineData("* * * * 13 *", "not a month field")]
    [InlineData("* * * * * 7", "not a day of the week field")]
    [InlineData("*/0 * * * * *", "not a second field")]
    [InlineData("5-1 * * * * *", "not a second field")]
    [InlineData("1-2-3 * * * * *", "not a second field")]
    [InlineData("-1 * * * * *", "not a second field")]
    [InlineData(", * * * * *", "not a second field")]
    [InlineData("%setting% * * * * *", "not a second field")]
    [InlineData("0 0 0 30 2 *", "never occurs")]
    public void What_is_not_a_schedule_is_told(string schedule, string problem)
    {
        var wrong = Assert.Throws<FormatException>(() => CronSchedule.Parse(schedule));
        Assert.Contains(problem, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Occurrences_are_those_that_a_look_at_every_second_finds()
    {
        var seed = Random.Shared.Next();
        Random random = new(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var round = 0; round < 50; round++)
        {
            var (second, minute, hour) = (random.Next(60), random.Next(60), random.Next(24));
            var schedule = CronSchedule.Parse($"{second} {minute}/7 {hour}-23 * * *");
            var time = Utc("2026-11-01").AddSeconds(random.Next(86_400));
            var expected = time.AddSeconds(1);
            while (expected.Second != second || expected.Minute < minute || (expected.Minute - minute) % 7 != 0 || expected.Hour < hour)
            {
                expected = expected.AddSeconds(1);
            }

            Assert.True(expected == schedule.Next(time), $"seed {seed}, round {round}");
        }
    }

    private static DateTime Utc(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
