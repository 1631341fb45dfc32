using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.LocalHost.Durable.Worker;
using Iga.Staging;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
using Iga.Workflow.Activities;
using Npgsql;

namespace Iga.Tests.Workflow;

/// <summary>
/// The step that does all runs again after a crash at any point of it, which it learns from the table, the staging and the
/// bucket alone.
/// </summary>
public sealed class RunAgainTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"again {Guid.NewGuid()}";

    private IImageStaging Staging => _service.Get<IImageStaging>();

    private IdempotencyStore Store => _service.Get<IdempotencyStore>();

    [Fact]
    public async Task A_picture_that_was_staged_and_not_written_down_is_used()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_picture_that_was_staged_and_not_written_down_is_written_down_before_it_is_stored()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var staged = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        _service.Gcs.Faults.Add("storage.objects.insert.simple", "return-403", match: Fixtures.Service.ObjectStemOf(_key));

        Assert.Equal("storage_denied", Assert.IsType<Progress.Staged>(await RunAsync(task)).Fault!.Kind);

        var written = Assert.IsType<Ownership.Owned>(await Store.ConfirmAsync(task, default)).Staged!;
        Assert.True(written.IsSamePictureAs(staged));
        Assert.Equal(task.Request.ModelId, written.Origin!.ModelId);
    }

    [Fact]
    public async Task A_picture_that_was_staged_and_written_down_is_used()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await RecordAsync(task, await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg));

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_picture_that_was_stored_is_completed()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await StoreAsync(task);

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_completed_task_is_left_as_it_is()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var first = Assert.IsType<Progress.Completed>(await RunAsync(task));

        Assert.IsType<Progress.NotOwned>(await RunAsync(task));

        Assert.Equal(new Ownership.Completed(ImageResult.Of(task, first.Url)), await Store.ConfirmAsync(task, default));
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    [Fact]
    public async Task An_object_is_found_though_its_staging_was_lost_with_its_disk()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await StoreAsync(task);
        await Staging.DropAsync(task.TaskId, default);

        var found = Assert.IsType<Progress.Stored>(await RunAsync(task));

        Assert.EndsWith(".jpg", found.Url, StringComparison.Ordinal);
        Assert.Equal(0, _service.ModelCalls(_prompt));
        Assert.Single(_service.ObjectsOf(_key));
    }

    [Fact]
    public async Task A_staged_picture_that_is_not_what_was_written_down_is_made_again()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await RecordAsync(task, await Staging.StageAsync(task.TaskId, Pictures.Png(700), ImageFormat.Png));
        await File.WriteAllBytesAsync(
            _service.StagedFile(task.TaskId), [.. Pictures.Png(350), .. new byte[350]]);

        await AssertCompletesAsync(task, modelCalls: 1, extension: "png");
    }

    [Fact]
    public async Task A_picture_is_not_paid_for_again_when_it_could_not_be_written_down()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await _service.ExecuteAsync(
            $"alter table idempotency_keys add constraint no_record check (staged_image is null or task_id <> '{task.TaskId}')");
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(task));
        Assert.Empty(_service.ObjectsOf(_key));

        await _service.ExecuteAsync("alter table idempotency_keys drop constraint no_record");

        await AssertCompletesAsync(task, modelCalls: 1, extension: "png");
    }

    [Fact]
    public async Task What_is_stored_and_can_not_be_completed_is_reported_as_stored()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await _service.ExecuteAsync(
            $"alter table idempotency_keys add constraint no_result check (result_payload is null or task_id <> '{task.TaskId}')");

        var stored = Assert.IsType<Progress.Stored>(await RunAsync(task));

        await _service.ExecuteAsync("alter table idempotency_keys drop constraint no_result");
        Assert.Equal(_service.ObjectsOf(_key).Select(name => $"gs://{Fixtures.Service.Bucket}/{name}"), [stored.Url]);
    }

    [Fact]
    public async Task A_key_that_is_lost_before_the_picture_is_written_down_gets_no_object_of_it()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-500ms", match: _prompt);
        var running = RunAsync(task);
        await Eventually.Async(() => _service.ModelCalls(_prompt) == 1);
        await StealAsync();

        Assert.IsType<Progress.NotOwned>(await running);
        Assert.Empty(_service.ObjectsOf(_key));
    }

    [Fact]
    public async Task A_task_that_lost_its_key_takes_back_what_an_earlier_run_stored_unseen()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await StoreAsync(task);
        await StealAsync();
        Assert.IsType<Progress.NotOwned>(await RunAsync(task));

        var ownership = await _service.Make<ConfirmOrGiveUp>().RunAsync(new ConfirmOrGiveUp.Input(task), default);

        Assert.IsType<Ownership.Lost>(ownership);
        Assert.Empty(_service.ObjectsOf(_key));
        Assert.Null(await Staging.FindAsync(task.TaskId, default));
    }

    [Fact]
    public async Task A_task_that_fails_takes_back_what_an_earlier_run_stored_unseen()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await StoreAsync(task);
        await Staging.DropAsync(task.TaskId, default);

        Assert.True(await _service.Make<FailTask>().RunAsync(
            new FailTask.Input(task, new TaskError("storage_unavailable", "down"), null, DateTime.UtcNow), default));

        Assert.Empty(_service.ObjectsOf(_key));
    }

    [Fact]
    public async Task A_failed_task_that_waits_for_its_bucket_keeps_its_key()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var staged = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        await _service.ExecuteAsync(
            "update idempotency_keys set locked_at = now() - interval '50 minutes' where task_id = $1", task.TaskId);
        _service.Gcs.Faults.Add("storage.objects.get", "return-503", count: 3, match: Fixtures.Service.ObjectStemOf(_key));

        await Assert.ThrowsAsync<FailureException>(() => _service.Make<FailTask>().RunAsync(
            new FailTask.Input(task, new TaskError("storage_denied", "no"), staged, DateTime.UtcNow), default));

        Assert.True(await _service.ScalarAsync<bool>(
            "select locked_at > now() - interval '1 minute' from idempotency_keys where task_id = $1", task.TaskId));
    }

    private async Task<Progress> RunAsync(ImageTask task)
    {
        // A host that has just started may not have its lease yet.
        var lease = _service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _service.Make<MakeImage>().RunAsync(new MakeImage.Input(task, DateTime.UtcNow), timeout.Token);
    }

    private async Task AssertCompletesAsync(ImageTask task, int modelCalls, string extension)
    {
        var completed = Assert.IsType<Progress.Completed>(await RunAsync(task));

        Assert.Equal(new Ownership.Completed(ImageResult.Of(task, completed.Url)), await Store.ConfirmAsync(task, default));
        Assert.EndsWith(extension, Assert.Single(_service.ObjectsOf(_key)), StringComparison.Ordinal);
        Assert.Equal(modelCalls, _service.ModelCalls(_prompt));
        Assert.Null(await Staging.FindAsync(task.TaskId, default));
    }

    private async Task RecordAsync(ImageTask task, StagedImage image) =>
        Assert.True(await Store.RecordStagedAsync(task, image, default));

    /// <summary>As far as a run gets that is cut off before it completes.</summary>
    private async Task StoreAsync(ImageTask task)
    {
        var image = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        await RecordAsync(task, image);
        await _service.Get<KeyObjects>().PutAsync(
            task, image, async token => (await Staging.OpenAsync(task.TaskId, token))!, default);
        Assert.Single(_service.ObjectsOf(_key));
    }

    private Task StealAsync() => _service.ExecuteAsync(
        "update idempotency_keys set task_id = gen_random_uuid() where idempotency_key = $1", _key);
}
