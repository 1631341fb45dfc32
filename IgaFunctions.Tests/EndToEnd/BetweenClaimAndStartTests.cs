using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Keys;
using Iga.Tests.Fixtures;
using Iga.Workflow;

namespace Iga.Tests.EndToEnd;

/// <summary>A task is claimed first and started after that; whatever happens between the two loses neither key nor task.</summary>
public sealed class BetweenClaimAndStartTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task A_task_that_was_claimed_but_not_started_is_started_by_the_next_post()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        Assert.Equal("PENDING", (await _service.Client.PollAsync(task.TaskId)).Body.GetProperty("status").GetString());

        using var response = await _service.Client.PostAsync(_key, new { prompt = _prompt });

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Idempotent-Replayed")));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(task.TaskId, body.GetProperty("task_id").GetGuid());
        await AssertOneImageAsync(task.TaskId);
    }

    [Fact]
    public async Task Twenty_posts_at_once_start_it_once()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);

        var ids = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _service.Client.SubmitAsync(_key, new { prompt = _prompt })));

        Assert.Equal(task.TaskId, Assert.Single(ids.Distinct()));
        await AssertOneImageAsync(task.TaskId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_schedule_that_fails_gives_the_claim_back(bool hangs)
    {
        var hub = new HubDouble(_service.Hub)
        {
            OnSchedule = _ => hangs ? Never() : throw new InvalidOperationException("the hub is away"),
        };

        var answer = await DirectPost.SendAsync(_service, hub, _key, _prompt);

        AssertUnavailable(answer, "IGA_TASK_HUB_UNAVAILABLE");
        Assert.Equal(0, await Claims.RowsOfAsync(_service, _key));
        using var again = await _service.Client.PostAsync(_key, new { prompt = _prompt });
        Assert.False(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Fact]
    public async Task A_start_that_can_not_be_made_sure_of_either_keeps_its_claim_and_the_next_post_starts_it()
    {
        // Were the claim given back and the start had come through after all, the next POST would pay for a second picture.
        var hub = new HubDouble(_service.Hub) { OnSchedule = _ => Never(), OnLook = _ => Never() };

        AssertUnavailable(await DirectPost.SendAsync(_service, hub, _key, _prompt), "IGA_TASK_HUB_UNAVAILABLE");

        Assert.Equal(1, await Claims.RowsOfAsync(_service, _key));
        await AssertOneImageAsync(await _service.Client.SubmitAsync(_key, new { prompt = _prompt }));
    }

    [Fact]
    public async Task A_give_back_that_arrives_late_does_not_take_the_key_from_a_task_that_another_post_was_promised()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-1000ms", match: _prompt);
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var promised = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });

        await _service.Get<IdempotencyStore>().ReleaseAsync(task, CancellationToken.None);

        Assert.Equal(task.TaskId, promised);
        await AssertOneImageAsync(promised);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_not_undone_and_pays_once()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-2000ms", match: _prompt);
        var hub = new HubDouble(_service.Hub)
        {
            OnSchedule = async schedule =>
            {
                await schedule();
                await Eventually.Async(() => _service.ModelCalls(_prompt) == 1);
                throw new TimeoutException("the hub's answer was lost");
            },
        };

        await DirectPost.SendAsync(_service, hub, _key, _prompt);

        await AssertOneImageAsync(await _service.Client.SubmitAsync(_key, new { prompt = _prompt }));
    }

    [Fact]
    public async Task A_start_that_fails_does_not_undo_the_start_that_another_post_made_meanwhile()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-1000ms", match: _prompt);
        var other = Guid.Empty;
        var hub = new HubDouble(_service.Hub)
        {
            OnSchedule = async _ =>
            {
                other = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
                throw new TimeoutException("the hub did not answer");
            },
        };

        await DirectPost.SendAsync(_service, hub, _key, _prompt);

        // The other caller was told 202 for this task.
        await AssertOneImageAsync(other);
    }

    [Fact]
    public async Task A_failed_start_of_an_earlier_task_leaves_its_claim_to_the_one_who_made_it()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var hub = new HubDouble(_service.Hub) { OnSchedule = _ => throw new InvalidOperationException("the hub is away") };

        AssertUnavailable(await DirectPost.SendAsync(_service, hub, _key, _prompt), "IGA_TASK_HUB_UNAVAILABLE");

        Assert.Equal(1, await Claims.RowsOfAsync(_service, _key));
        Assert.Equal(task.TaskId, await _service.Client.SubmitAsync(_key, new { prompt = _prompt }));
        await AssertOneImageAsync(task.TaskId);
    }

    [Fact]
    public async Task A_live_task_that_is_started_again_is_not_restarted()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-1500ms", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "STARTED");
        var execution = await ExecutionOfAsync(id);
        var task = Claims.NewTask(_key, _prompt) with { TaskId = id };
        var hub = new HubDouble(_service.Hub);

        await TaskStarter.StartAsync(hub, task, default);
        Assert.False(await TaskStarter.EnsureStartedAsync(hub, task, default));
        await _service.Client.SubmitAsync(_key, new { prompt = _prompt });

        // EnsureStarted looks before it starts: some back ends would restart the instance.
        Assert.Equal(1, hub.Schedules);
        Assert.Equal(execution, await ExecutionOfAsync(id));
        await AssertOneImageAsync(id);
        Assert.Equal(execution, await ExecutionOfAsync(id));
    }

    [Fact]
    public async Task A_task_that_ended_and_is_started_again_has_the_same_end()
    {
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        var end = await _service.Client.WaitAsync(id);

        await TaskStarter.StartAsync(_service.Hub, Claims.NewTask(_key, _prompt) with { TaskId = id }, default);

        Assert.True(JsonElement.DeepEquals(end, await _service.Client.WaitAsync(id)));
        await AssertOneImageAsync(id);
    }

    private static Task<string> Never() => new TaskCompletionSource<string>().Task;

    private static void AssertUnavailable(
        (int Status, string? RetryAfter, JsonElement Body, TimeSpan Took) answer, string errorCode)
    {
        Assert.Equal((503, errorCode), (answer.Status, answer.Body.GetProperty("error_code").GetString()));
        Assert.True(int.Parse(answer.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.InRange(answer.Took, TimeSpan.Zero, Promise);
    }

    private Task<Guid> ExecutionOfAsync(Guid id) => _service.ScalarAsync<Guid>(
        "select execution_id from iga_runtime.instances where instance_id = $1", id.ToString());

    private Task AssertOneImageAsync(Guid id) => Claims.AssertOneImageAsync(_service, id, _key, _prompt);
}
