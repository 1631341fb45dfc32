using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// A cancel is one statement, and everything else follows from it: a process that dies right after it, or that runs the task elsewhere,
/// changes nothing about how the task ends.
/// </summary>
public sealed class UnfinishedCancelTests(LongCallsFixture fixture) : IClassFixture<LongCallsFixture>
{
    private static readonly StagedImage Staged = new(400, "image/png", "png", "AAAAAA==");

    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    private TaskCancellation Cancellation => _service.Get<TaskCancellation>();

    [Fact]
    public async Task A_task_that_was_cancelled_before_it_was_started_never_calls_the_model()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var (_, body) = await _service.Client.CancelAsync(task.TaskId);
        Controls.AssertCancelled(body);

        await TaskStarter.StartAsync(_service.Hub, task, default); // It was on its way.

        await Eventually.Async(async () => (await _service.Hub.GetInstanceAsync(task.InstanceId))?.IsCompleted == true);
        Controls.AssertCancelled((await _service.Client.PollAsync(task.TaskId)).Body);
        Assert.Equal(0, _service.ModelCalls(_prompt));
        Assert.Equal(0, await InArchiveAsync(task.TaskId)); // no note of a conflict
        await SweepAsync(task.TaskId);
        Assert.Equal(0, await UnsettledAsync(task.TaskId));
    }

    [Fact]
    public async Task A_call_of_the_model_is_broken_off_when_another_process_cancels_its_task()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", LongCallsFixture.Stall, match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await Eventually.Async(() => _service.ModelCalls(_prompt) == 1);

        await Cancellation.CancelAsync(id, default); // as the other process does, and then it dies

        await Eventually.Async(async () => (await _service.Hub.GetInstanceAsync(id.ToString()))!.IsCompleted);
        Controls.AssertCancelled((await _service.Client.PollAsync(id)).Body);
    }

    [Fact]
    public async Task An_upload_that_another_process_cancels_is_broken_off_and_taken_back()
    {
        _service.Gcs.Faults.Add("storage.objects.insert", "stall-for-30s-after-body", match: Service.ObjectStemOf(_key));
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await Eventually.Async(() => _service.ObjectsOf(_key).Length == 1);

        var cancelled = (await Cancellation.CancelAsync(id, default))!.Value.Task;

        Assert.False(cancelled.HasEnded); // not as long as the object is there
        await Eventually.Async(async () => (await _service.Client.PollAsync(id)).Body.GetProperty("status").GetString() == "FAILURE");
        Controls.AssertCancelled((await _service.Client.PollAsync(id)).Body);
        Assert.Empty(_service.ObjectsOf(_key));
        Assert.False(File.Exists(_service.StagedFile(id)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_sweeper_finishes_a_cancel_whose_process_died_right_after_it(bool hasPicture)
    {
        if (hasPicture)
        {
            _service.Gcs.Faults.Add("storage.objects.insert", "return-503", count: 500, match: Service.ObjectStemOf(_key));
        }
        else
        {
            _service.Vertex.Faults.Add("vertex.generateContent", new Iga.Emulators.Faults.Fault.ReturnStatus(429) { RetryAfter = 60 }, match: _prompt);
        }

        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "RETRY");
        await Cancellation.CancelAsync(id, default);

        await SweepAsync(id);

        Controls.AssertCancelled((await _service.Client.PollAsync(id)).Body);
        Assert.True((await _service.Hub.GetInstanceAsync(id.ToString()))!.IsCompleted);
        Assert.Equal(0, await UnsettledAsync(id));
        Assert.False(File.Exists(_service.StagedFile(id)));
        Assert.Equal("failed", await _service.ScalarAsync<string>("select status from idempotency_keys where task_id = $1", id));
    }

    [Fact]
    public async Task A_bucket_that_is_away_keeps_the_key_until_it_is_sure_that_no_object_is_left()
    {
        _service.Gcs.Faults.Add("storage.objects.insert", "return-503", count: 500, match: Service.ObjectStemOf(_key));
        _service.Gcs.Faults.Add("storage.objects.get", "return-503", count: 500, match: Service.ObjectStemOf(_key));
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "RETRY");

        var (status, _) = await _service.Client.CancelAsync(id);

        Assert.Equal(202, (int)status);
        Assert.Equal(id, await _service.Client.SubmitAsync(_key, new { prompt = _prompt })); // the same task, which ends
        _service.Gcs.Faults.Clear();
        await Eventually.Async(async () => (await _service.Client.CancelAsync(id)).Status == System.Net.HttpStatusCode.OK);
        Assert.Empty(_service.ObjectsOf(_key));
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    [Fact]
    public async Task A_cancelled_task_writes_nothing_more_whatever_it_has_come_to()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var store = _service.Get<IdempotencyStore>();
        Assert.True(await store.RecordStagedAsync(task, Staged, default));
        Assert.False((await Cancellation.CancelAsync(task.TaskId, default))!.Value.Task.HasEnded);

        Assert.IsType<Ownership.Lost>(await store.ConfirmAsync(task, default));
        Assert.False(await store.RecordStagedAsync(task, Staged, default));
        Assert.False(await store.RecordAttemptsAsync(task, new TaskRun(DateTime.UtcNow, []), default));
        Assert.False(await store.CompleteAsync(task, ImageResult.Of(task, "gs://b/o"), default));
        Assert.False(await store.FailAsync(task, new TaskError("quota_exhausted", "no"), default));
        Assert.False(await _service.Make<FailTask>().RunAsync(
            new FailTask.Input(task, new TaskError("quota_exhausted", "no"), null, DateTime.UtcNow), default));
        Controls.AssertCancelled((await _service.Client.PollAsync(task.TaskId)).Body);
        Assert.False(await store.FailAsync(task, new TaskError("quota_exhausted", "no"), default));
        Controls.AssertCancelled((await _service.Client.PollAsync(task.TaskId)).Body);
    }

    [Fact]
    public async Task A_task_whose_key_is_taken_over_while_it_is_cancelled_still_reads_as_cancelled()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await _service.Get<IdempotencyStore>().RecordStagedAsync(task, Staged, default);
        await Cancellation.CancelAsync(task.TaskId, default);
        await Claims.AgeAsync(_service, _key, TimeSpan.FromHours(2));

        var next = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });

        Assert.NotEqual(task.TaskId, next);
        Controls.AssertCancelled((await _service.Client.PollAsync(task.TaskId)).Body);
        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(next)).GetProperty("status").GetString());
        Controls.AssertError(await _service.Client.CancelAsync(next), 409, "IGA_TASK_ENDED");
    }

    [Fact]
    public async Task A_task_that_lost_its_key_has_ended_and_is_not_cancelled()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await Claims.AgeAsync(_service, _key, TimeSpan.FromHours(2));
        await _service.Client.GenerateAsync(_key, new { prompt = _prompt });

        Controls.AssertError(await _service.Client.CancelAsync(task.TaskId), 409, "IGA_TASK_ENDED");
        Controls.AssertError(await _service.Client.RetryAsync(task.TaskId), 409, "IGA_TASK_NOT_FAILED");
    }

    [Fact]
    public async Task A_request_that_was_erased_is_not_tried_again()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "blocked-prompt-400", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id);
        await _service.ExecuteAsync("update idempotency_keys set effective_request = null where task_id = $1", id); // as the erasure does

        Controls.AssertError(await _service.Client.RetryAsync(id), 409, "IGA_REQUEST_ERASED");
    }

    private async Task SweepAsync(Guid id)
    {
        await _service.ExecuteAsync("update idempotency_keys set cancelling_since = now() - interval '1 minute' where task_id = $1", id);
        await _service.Make<Sweeper>().RunAsync(new TimerInfo(), _service.Hub, CancellationToken.None);
    }

    private Task<long> UnsettledAsync(Guid id) => _service.ScalarAsync<long>(
        "select count(*) from idempotency_keys where task_id = $1 and cancelling_since is not null", id);

    private Task<long> InArchiveAsync(Guid id) =>
        _service.ScalarAsync<long>("select count(*) from iga_task_archive where task_id = $1", id);
}
