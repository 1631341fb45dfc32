using Iga.Bucket;
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

namespace Iga.Tests.Workflow;

/// <summary>The activities of one task, run as after a crash at any point, on a service of the tests' own.</summary>
public abstract class RunAgainSuite(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private protected OwnService Service => fixture.Service;

    protected string Key { get; } = Caller.NewKey();

    protected string Prompt { get; } = $"again {Guid.NewGuid()}";

    private protected IImageStaging Staging => Service.Get<IImageStaging>();

    private protected IdempotencyStore Store => Service.Get<IdempotencyStore>();

    private protected async Task<Progress> RunAsync(ImageTask task)
    {
        // A host that has just started may not have its lease yet.
        var lease = Service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await Service.Make<MakeImage>().RunAsync(new MakeImage.Input(task, DateTime.UtcNow), timeout.Token);
    }

    private protected async Task AssertCompletesAsync(ImageTask task, int modelCalls, string extension)
    {
        var completed = Assert.IsType<Progress.Completed>(await RunAsync(task));

        Assert.Equal(new Ownership.Completed(ImageResult.Of(task, completed.Url)), await Store.ConfirmAsync(task, default));
        Assert.EndsWith(extension, Assert.Single(Service.ObjectsOf(Key)), StringComparison.Ordinal);
        Assert.Equal(modelCalls, Service.ModelCalls(Prompt));
        Assert.Null(await Staging.FindAsync(task.TaskId, default));
    }

    private protected async Task RecordAsync(ImageTask task, StagedImage image) =>
        Assert.True(await Store.RecordStagedAsync(task, image, default));

    /// <summary>As far as a run gets that is cut off before it completes.</summary>
    private protected async Task StoreAsync(ImageTask task)
    {
        var image = await Staging.StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        await RecordAsync(task, image);
        await Service.Get<KeyObjects>().PutAsync(
            task, image, async token => (await Staging.OpenAsync(task.TaskId, token))!, default);
        Assert.Single(Service.ObjectsOf(Key));
    }

    private protected Task StealAsync() => Service.ExecuteAsync(
        "update idempotency_keys set task_id = gen_random_uuid() where idempotency_key = $1", Key);
}
