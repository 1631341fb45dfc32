using Iga.Tests.EndToEnd;
using Iga.Workflow;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Workflow;

/// <summary>However often callers poll, the hub's storage is asked for a task once a second.</summary>
public sealed class HubLooksTests : IClassFixture<OwnServiceFixture>, IDisposable
{
    private readonly OwnServiceFixture _fixture;
    private readonly FakeTimeProvider _time = new();
    private readonly HubLooks _looks;
    private readonly Guid _task = Guid.CreateVersion7();
    private int _asked;

    public HubLooksTests(OwnServiceFixture fixture) => (_fixture, _looks) = (fixture, new HubLooks(_time));

    public void Dispose() => _looks.Dispose();

    [Fact]
    public async Task Who_asks_at_the_same_time_shares_one_look_and_after_a_second_it_is_made_anew()
    {
        var told = new TaskCompletionSource();
        var hub = Hub(() => told.Task);

        var answers = Enumerable.Range(0, 50).Select(_ => _looks.FindAsync(hub, _task, CancellationToken.None)).ToArray();
        told.SetResult();
        Assert.All(await Task.WhenAll(answers), Assert.Null); // there is no such instance
        Assert.Equal(1, _asked);

        _time.Advance(TimeSpan.FromSeconds(0.9));
        await _looks.FindAsync(hub, _task, CancellationToken.None);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await _looks.FindAsync(hub, _task, CancellationToken.None);
        Assert.Equal(2, _asked);
    }

    [Theory]
    [InlineData(0.1, 2)]
    [InlineData(3, 5)]
    public async Task A_hub_that_is_slow_is_asked_less_often(double took, double rest)
    {
        var hub = Hub(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(took));
            return Task.CompletedTask;
        });

        await _looks.FindAsync(hub, _task, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(rest - 0.05));
        await _looks.FindAsync(hub, _task, CancellationToken.None);
        Assert.Equal(1, _asked);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await _looks.FindAsync(hub, _task, CancellationToken.None);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Each_task_is_asked_for_by_itself()
    {
        var hub = Hub(() => Task.CompletedTask);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _looks.FindAsync(hub, Guid.CreateVersion7(), CancellationToken.None)));

        Assert.Equal(20, _asked);
    }

    [Fact]
    public async Task A_look_that_failed_is_not_kept()
    {
        var hub = Hub(() => _asked == 1 ? throw new InvalidOperationException("away") : Task.CompletedTask);

        await Assert.ThrowsAsync<InvalidOperationException>(() => _looks.FindAsync(hub, _task, CancellationToken.None));
        Assert.Null(await _looks.FindAsync(hub, _task, CancellationToken.None));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_look_to_the_others()
    {
        var told = new TaskCompletionSource();
        var hub = Hub(() => told.Task);
        using var gone = new CancellationTokenSource();

        var first = _looks.FindAsync(hub, _task, gone.Token);
        var second = _looks.FindAsync(hub, _task, CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        told.SetResult();

        Assert.Null(await second);
        Assert.Equal(1, _asked);
    }

    private HubDouble Hub(Func<Task> answer) => new(_fixture.Service.Hub)
    {
        OnLook = _ =>
        {
            Interlocked.Increment(ref _asked);
            return answer();
        },
    };
}
