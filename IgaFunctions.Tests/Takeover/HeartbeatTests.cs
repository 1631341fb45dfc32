using Iga.Emulators.Faults;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Takeover;

/// <summary>With locks that are stale after 4 seconds: whoever is alive keeps the key, however long it waits.</summary>
public sealed class HeartbeatTests : IAsyncLifetime
{
    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(new()
    {
        ["IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS"] = "4",
        ["IGA_MODEL_TIMEOUT_SECONDS"] = "30",
        ["IGA_MODEL_MAX_CONCURRENCY"] = "2",
    });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_task_keeps_its_key_while_it_waits_for_the_model_for_another_try_or_for_the_quota()
    {
        string[] prompts = [$"retry {Guid.NewGuid()}", $"slow {Guid.NewGuid()}", $"slow {Guid.NewGuid()}", $"queued {Guid.NewGuid()}"];
        _lab.Vertex.Faults.Add("*", new Fault.ReturnStatus(429) { RetryAfter = 7 }, match: prompts[0]);
        _lab.FaultModel(prompts[1], "latency-6500ms");
        _lab.FaultModel(prompts[2], "latency-6500ms");

        // The first is sent away by the model, the next two take both places, and so the last waits for one.
        var keepers = new List<Task>();
        foreach (var prompt in prompts)
        {
            keepers.Add(AssertKeepsItsKeyAsync(prompt));
            if (prompt != prompts[^1])
            {
                await Eventually.Async(() => _lab.Vertex.Log.Any(call => call.Prompt == prompt));
            }
        }

        await Task.WhenAll(keepers);
        Assert.Equal(2, _lab.Vertex.Log.Count(call => call.Prompt == prompts[0]));
        await _lab.AssertNothingIsLeftAsync();
    }

    /// <summary>Repeats the POST until the task has ended: always the same task, and one picture.</summary>
    private async Task AssertKeepsItsKeyAsync(string prompt)
    {
        var key = Caller.NewKey();
        var task = await _lab.SubmitAsync(key, new { prompt });
        var deadline = Environment.TickCount64 + 60_000;
        string status;
        do
        {
            Assert.Equal(task, await _lab.SubmitAsync(key, new { prompt }));
            await Task.Delay(100);
            status = (await _lab.Client.PollAsync(task)).Body.GetProperty("status").GetString()!;
        }
        while (status is not ("SUCCESS" or "FAILURE") && Environment.TickCount64 < deadline);

        Assert.Equal("SUCCESS", status);
        Assert.Equal(task, await _lab.SubmitAsync(key, new { prompt }));
        Assert.Equal(1, _lab.MadeFor(prompt));
        Assert.Single(_lab.ObjectsOf(key));
    }
}
