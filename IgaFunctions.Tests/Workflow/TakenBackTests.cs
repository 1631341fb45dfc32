using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>A task that ends without its picture takes back what an earlier run of it has stored unseen, and keeps its key until then.</summary>
public sealed class TakenBackTests(OwnServiceFixture fixture) : RunAgainSuite(fixture)
{
    [Fact]
    public async Task A_task_that_lost_its_key_takes_back_what_an_earlier_run_stored_unseen()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await StoreAsync(task);
        await StealAsync();
        Assert.IsType<Progress.NotOwned>(await RunAsync(task));

        var ownership = await Service.Make<ConfirmOrGiveUp>().RunAsync(new ConfirmOrGiveUp.Input(task), default);

        Assert.IsType<Ownership.Lost>(ownership);
        Assert.Empty(Service.ObjectsOf(Key));
        Assert.Null(await Staging.FindAsync(task.TaskId, default));
    }

    [Fact]
    public async Task A_task_that_fails_takes_back_what_an_earlier_run_stored_unseen()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        await StoreAsync(task);
        await Staging.DropAsync(task.TaskId, default);

        Assert.True(await Service.Make<FailTask>().RunAsync(
            new FailTask.Input(task, new TaskError("storage_unavailable", "down"), null, DateTime.UtcNow), default));

        Assert.Empty(Service.ObjectsOf(Key));
    }

    [Fact]
    public async Task A_failed_task_that_waits_for_its_bucket_keeps_its_key()
    {
        var task = await Claims.LeaveAsync(Service, Key, Prompt);
        var staged = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        await Claims.AgeAsync(Service, Key, TimeSpan.FromMinutes(50));
        Service.Gcs.Faults.Add("storage.objects.get", "return-503", count: 3, match: Fixtures.Service.ObjectStemOf(Key));

        await Assert.ThrowsAsync<FailureException>(() => Service.Make<FailTask>().RunAsync(
            new FailTask.Input(task, new TaskError("storage_denied", "no"), staged, DateTime.UtcNow), default));

        Assert.True(await Service.ScalarAsync<bool>(
            "select locked_at > now() - interval '1 minute' from idempotency_keys where task_id = $1", task.TaskId));
    }
}
