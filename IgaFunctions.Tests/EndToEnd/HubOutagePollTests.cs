using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Polls while the task hub is away and PostgreSQL is not: the table tells what it can.</summary>
public sealed class HubOutagePollTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_finished_task_is_answered_as_before(bool hangs)
    {
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        var before = await _service.Client.WaitAsync(id);

        var answer = await DirectPoll.SendAsync(_service, Away(hangs), id);

        Assert.Equal(200, answer.Status);
        Assert.True(JsonElement.DeepEquals(before, answer.Body), answer.Body.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_task_is_answered_as_before(bool hangs)
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "return-404", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        var before = await _service.Client.WaitAsync(id);
        Assert.Equal("FAILURE", before.GetProperty("status").GetString());

        var answer = await DirectPoll.SendAsync(_service, Away(hangs), id);

        Assert.Equal(200, answer.Status);
        Assert.True(JsonElement.DeepEquals(before, answer.Body), answer.Body.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_task_in_flight_nothing_is_made_up(bool hangs)
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);

        AssertUnavailable(await DirectPoll.SendAsync(_service, Away(hangs), task.TaskId));
    }

    [Fact]
    public async Task A_task_that_the_table_does_not_know_is_not_called_unknown()
    {
        // A task that lost its key has no row of its own before it ends.
        AssertUnavailable(await DirectPoll.SendAsync(_service, Away(hangs: false), Guid.NewGuid()));
    }

    [Fact]
    public async Task A_hub_that_is_slow_is_waited_for()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-5000ms", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "STARTED");
        var hub = new HubDouble(_service.Hub) { OnLook = _ => Task.Delay(TimeSpan.FromSeconds(1.5)) };

        var answer = await DirectPoll.SendAsync(_service, hub, id);

        Assert.Equal((202, "STARTED"), (answer.Status, answer.Body.GetProperty("status").GetString()));
    }

    private HubDouble Away(bool hangs) => new(_service.Hub)
    {
        OnLook = _ => hangs ? new TaskCompletionSource().Task : throw new InvalidOperationException("the hub is away"),
    };

    private static void AssertUnavailable((int Status, JsonElement Body) answer) => Assert.Equal(
        (503, "IGA_TASK_HUB_UNAVAILABLE"), (answer.Status, answer.Body.GetProperty("error_code").GetString()));
}
