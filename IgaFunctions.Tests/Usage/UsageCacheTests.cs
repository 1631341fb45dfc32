using Iga.Tests.EndToEnd;
using Iga.Usage;

namespace Iga.Tests.Usage;

public sealed class UsageCacheTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    [Fact]
    public async Task However_many_different_times_are_asked_for_few_are_remembered()
    {
        var cache = fixture.Service.Get<UsageCache>();
        var since = DateTimeOffset.UtcNow.AddDays(-1);
        for (var second = 0; second < 2 * UsageCache.Most; second++)
        {
            var figures = await cache.GetAsync(new UsageQuery(UsageKey.Model, since.AddSeconds(second), null), CancellationToken.None);
            Assert.True(figures.Until > since && figures.Total.Tasks == 0);
        }

        Assert.InRange(cache.Count, 1, UsageCache.Most);
    }

    [Fact]
    public async Task Questions_that_differ_get_figures_of_their_own()
    {
        var cache = fixture.Service.Get<UsageCache>();
        var until = DateTimeOffset.UtcNow;

        var figures = await Task.WhenAll(Enumerable.Range(1, 5).Select(hour =>
            cache.GetAsync(new UsageQuery(UsageKey.Model, until.AddDays(-1), until.AddHours(-hour)), CancellationToken.None)));

        Assert.Equal(Enumerable.Range(1, 5).Select(hour => until.AddHours(-hour)), figures.Select(each => each.Until));
    }
}
