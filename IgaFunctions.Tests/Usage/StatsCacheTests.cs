using Iga.Tests.EndToEnd;
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
}
