using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Pressure;

/// <summary>The model is down while a burst comes in.</summary>
public sealed class CircuitTests : IAsyncLifetime
{
    private const int Tasks = 200;
    private const int AtOnce = 8;

    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(new() { ["IGA_MODEL_MAX_CONCURRENCY"] = $"{AtOnce}" });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_model_that_is_down_is_left_alone_and_every_task_is_done_when_it_is_back()
    {
        _lab.FaultModel("outage", "return-503", count: 1_000_000);
        var tasks = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(
            n => _lab.SubmitAsync(Caller.NewKey(), new { prompt = $"outage {n} {Guid.NewGuid()}" })));
        foreach (var task in tasks)
        {
            await _lab.Client.WaitAsync(task, "RETRY");
        }

        // Ten tasks, of three calls each, open the circuit; those that were on their way by then don't count, and each break ends
        // with a trial. Without it there were 600 or more.
        Assert.InRange(_lab.Vertex.Calls, 1, 30 + (3 * AtOnce));

        _lab.Vertex.Faults.Clear();
        foreach (var task in tasks)
        {
            Assert.Equal("SUCCESS", (await _lab.Client.WaitAsync(task)).GetProperty("status").GetString());
        }

        Assert.Equal(Tasks, _lab.Vertex.ImagesMade);
        await _lab.AssertNothingIsLeftAsync();
    }
}
