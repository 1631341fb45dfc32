using Iga.Images;
using Iga.Keys;
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
public sealed class RunAgainTests(OwnServiceFixture fixture) : RunAgainSuite(fixture)
{
    [Fact]
    public async Task A_picture_that_was_staged_and_not_written_down_is_used()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_picture_that_was_staged_and_not_written_down_is_written_down_before_it_is_stored()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        var staged = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        Service.Gcs.Faults.Add("storage.objects.insert.simple", "return-403", match: Fixtures.Service.ObjectStemOf(Key));

        Assert.Equal("storage_denied", Assert.IsType<Progress.Staged>(await RunAsync(task)).Fault!.Kind);

        var written = Assert.IsType<Ownership.Owned>(await Store.ConfirmAsync(task, default)).Staged!;
        Assert.True(written.IsSamePictureAs(staged));
        Assert.Equal(task.Request.ModelId, written.Origin!.ModelId);
    }

    [Fact]
    public async Task A_picture_that_was_staged_and_written_down_is_used()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await RecordAsync(task, await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg));

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_picture_that_was_stored_is_completed()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await StoreAsync(task);

        await AssertCompletesAsync(task, modelCalls: 0, extension: "jpg");
    }

    [Fact]
    public async Task A_completed_task_is_left_as_it_is()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        var first = Assert.IsType<Progress.Completed>(await RunAsync(task));

        Assert.IsType<Progress.NotOwned>(await RunAsync(task));

        Assert.Equal(new Ownership.Completed(ImageResult.Of(task, first.Url)), await Store.ConfirmAsync(task, default));
        Assert.Equal(1, Service.ModelCalls(Prompt));
    }

    [Fact]
    public async Task An_object_is_found_though_its_staging_was_lost_with_its_disk()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await StoreAsync(task);
        await Staging.DropAsync(task.TaskId, default);

        var found = Assert.IsType<Progress.Stored>(await RunAsync(task));

        Assert.EndsWith(".jpg", found.Url, StringComparison.Ordinal);
        Assert.Equal(0, Service.ModelCalls(Prompt));
        Assert.Single(Service.ObjectsOf(Key));
    }

    [Fact]
    public async Task A_staged_picture_that_is_not_what_was_written_down_is_made_again()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await RecordAsync(task, await Staging.StageAsync(task.TaskId, Pictures.Png(700), ImageFormat.Png));
        await File.WriteAllBytesAsync(
            Service.StagedFile(task.TaskId), [.. Pictures.Png(350), .. new byte[350]]);

        await AssertCompletesAsync(task, modelCalls: 1, extension: "png");
    }

    [Fact]
    public async Task A_picture_is_not_paid_for_again_when_it_could_not_be_written_down()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await Service.ExecuteAsync(
            $"alter table idempotency_keys add constraint no_record check (staged_image is null or task_id <> '{task.TaskId}')");
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(task));
        Assert.Empty(Service.ObjectsOf(Key));

        await Service.ExecuteAsync("alter table idempotency_keys drop constraint no_record");

        await AssertCompletesAsync(task, modelCalls: 1, extension: "png");
    }

    [Fact]
    public async Task What_is_stored_and_can_not_be_completed_is_reported_as_stored()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await Service.ExecuteAsync(
            $"alter table idempotency_keys add constraint no_result check (result_payload is null or task_id <> '{task.TaskId}')");

        var stored = Assert.IsType<Progress.Stored>(await RunAsync(task));

        await Service.ExecuteAsync("alter table idempotency_keys drop constraint no_result");
        Assert.Equal(Service.ObjectsOf(Key).Select(name => $"gs://{Fixtures.Service.Bucket}/{name}"), [stored.Url]);
    }

    [Fact]
    public async Task A_key_that_is_lost_before_the_picture_is_written_down_gets_no_object_of_it()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        Service.Vertex.Faults.Add("vertex.generateContent", "latency-500ms", match: Prompt);
        var running = RunAsync(task);
        await Eventually.Async(() => Service.ModelCalls(Prompt) == 1);
        await StealAsync();

        Assert.IsType<Progress.NotOwned>(await running);
        Assert.Empty(Service.ObjectsOf(Key));
    }
}
