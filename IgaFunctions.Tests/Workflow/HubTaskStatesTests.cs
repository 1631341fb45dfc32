using Iga.Tests.EndToEnd;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;
using Iga.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Workflow;

/// <summary>The states of many tasks, where the engine can only be asked for one at a time.</summary>
public sealed class HubTaskStatesTests(LongCallsFixture fixture) : IClassFixture<LongCallsFixture>, IDisposable
{
    private readonly HubLooks _looks = new(TimeProvider.System);
    private readonly OwnService _service = fixture.Service;
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _looks.Dispose();

    [Fact]
    public async Task An_engine_that_does_not_tell_of_some_tasks_in_time_is_not_waited_for()
    {
        var prompt = $"a lighthouse {Guid.NewGuid()}";
        _service.Vertex.Faults.Add("vertex.generateContent", LongCallsFixture.Stall, count: 20, match: prompt);
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _service.Client.SubmitAsync(Caller.NewKey(), new { prompt })));
        foreach (var id in ids)
        {
            await _service.Client.WaitAsync(id, "STARTED");
        }

        const int atOnce = 16;
        var looks = 0;
        var inside = new Gauge();
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = new HubDouble(_service.Hub)
        {
            OnLook = async id =>
            {
                using var look = inside.Enter();
                Interlocked.Increment(ref looks);
                if (inside.Now >= atOnce)
                {
                    full.TrySetResult();
                }

                await full.Task;
                await (id == ids[0].ToString() ? Task.Delay(Timeout.Infinite) : Task.CompletedTask);
            },
        };
        var asked = new HubTaskStates(_looks, _time, NullLogger<HubTaskStates>.Instance).FindAsync(hub, ids, CancellationToken.None);
        await Eventually.Async(() => looks == ids.Length && inside.Now == 1);
        await Task.WhenAll(ids[1..].Select(id => _looks.FindAsync(hub, id, CancellationToken.None))); // the same looks, that have ended then
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        var told = await asked;

        Assert.Equal(ids[1..].Order(), told.Keys.Order());
        Assert.All(told.Values, status => Assert.Equal("STARTED", status));
        Assert.Equal(atOnce, inside.Most);
    }

    [Fact]
    public async Task A_hub_that_is_away_leaves_the_list_as_the_table_tells_it()
    {
        var hub = new HubDouble(_service.Hub) { OnLook = _ => throw new InvalidOperationException("away") };

        Assert.Empty(await new HubTaskStates(_looks, _time, NullLogger<HubTaskStates>.Instance).FindAsync(hub, [Guid.NewGuid()], CancellationToken.None));
    }
}
