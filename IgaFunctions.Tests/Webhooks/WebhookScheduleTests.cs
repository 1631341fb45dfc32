using Iga.Webhooks;

namespace Iga.Tests.Webhooks;

public sealed class WebhookScheduleTests
{
    [Fact]
    public void Waits_grow_from_seconds_to_hours_and_end_after_a_day()
    {
        List<double> waits = [];
        var since = TimeSpan.Zero;
        while (WebhookSchedule.NextWait(waits.Count + 1, since, asked: null, jitter: 0) is { } wait)
        {
            waits.Add(wait.TotalSeconds);
            since += wait;
        }

        Assert.Equal([5, 30, 120, 600, 3600, 10800, 21600, 21600, 21600], waits);
        Assert.InRange(since, TimeSpan.FromHours(18), TimeSpan.FromHours(24));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(0.5, 6)]
    [InlineData(1, 7)]
    public void Waits_are_spread_by_a_quarter(double jitter, double seconds) =>
        Assert.Equal(seconds, WebhookSchedule.NextWait(1, TimeSpan.Zero, asked: null, jitter)!.Value.TotalSeconds);

    [Theory]
    [InlineData(-5, 5)]
    [InlineData(2, 5)]
    [InlineData(90, 90)]
    [InlineData(3600, 3600)]
    [InlineData(1e9, 3600)]
    public void What_a_receiver_asks_for_is_heeded_up_to_an_hour(double asked, double seconds) =>
        Assert.Equal(seconds, WebhookSchedule.NextWait(1, TimeSpan.Zero, TimeSpan.FromSeconds(asked), jitter: 0)!.Value.TotalSeconds);

    [Fact]
    public void What_would_come_later_than_a_day_is_not_tried() =>
        Assert.Null(WebhookSchedule.NextWait(1, TimeSpan.FromHours(24), asked: null, jitter: 0));
}
