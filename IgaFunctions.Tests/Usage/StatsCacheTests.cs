using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Usage;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Usage;

/// <summary>However many pages show the figures, they are read once a second.</summary>
public sealed class StatsCacheTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    [Fact]
    public async Task Figures_are_read_once_for_all_who_ask_within_a_second()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var cache = fixture.Service.Make<StatsCache>(fixture.Service.Make<StatsReader>(time), time);

        var first = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => cache.GetAsync(fixture.Service.Hub, CancellationToken.None)));
        time.Advance(TimeSpan.FromSeconds(0.9));
        var still = await cache.GetAsync(fixture.Service.Hub, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(0.2));
        var next = await cache.GetAsync(fixture.Service.Hub, CancellationToken.None);

        Assert.All(first, stats => Assert.Same(first[0], stats));
        Assert.Same(first[0], still);
        Assert.NotSame(still, next);
    }

    [Fact]
    public async Task A_task_that_its_caller_cancelled_is_not_counted_as_failed()
    {
        var service = fixture.Service;
        var task = await Claims.LeaveAsync(service, Caller.NewKey(), "a lighthouse that nobody wants");
        var before = await service.Make<StatsReader>(TimeProvider.System).ReadAsync(service.Hub, CancellationToken.None);

        Controls.AssertCancelled((await service.Client.CancelAsync(task.TaskId)).Body);

        await Eventually.Async(async () =>
        {
            var after = await service.Make<StatsReader>(TimeProvider.System).ReadAsync(service.Hub, CancellationToken.None);
            return (after.FailedToday - before.FailedToday, after.CancelledToday - before.CancelledToday) == (0, 1);
        });
    }
}
