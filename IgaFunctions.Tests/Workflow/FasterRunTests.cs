using System.Net.Http.Json;
using System.Text.Json;
using Iga.Images;
using Iga.LocalHost.Durable.Worker;
using Iga.Staging;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>Two runs of the step that pays: the one that is second takes the picture of the first.</summary>
public sealed class FasterRunTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>, IImageStaging
{
    private readonly OwnService _service = fixture.Service;

    private IImageStaging Inner => _service.Get<IImageStaging>();

    [Fact]
    public async Task The_picture_of_the_faster_run_is_stored_under_the_model_that_was_asked()
    {
        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(_service, key, $"faster {key}");
        var lease = _service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);

        var done = await _service.Make<MakeImage>(_service.Make<ImageMaker>(this, _service.Make<PictureKeeper>(this))).RunAsync(new MakeImage.Input(task, DateTime.UtcNow), default);

        Assert.IsType<Progress.Completed>(done);
        Assert.EndsWith("jpg", Assert.Single(_service.ObjectsOf(key)), StringComparison.Ordinal);
        var details = (await _service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{task.TaskId}?include=details")).GetProperty("details");
        Assert.Equal(("image/jpeg", task.Request.ModelId), (details.GetProperty("content_type").GetString(), details.GetProperty("model").GetString()));
    }

    async Task<StagedImage> IImageStaging.StageAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        await Inner.StageAsync(taskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        return await Inner.StageAsync(taskId, room, image, description, cancellationToken);
    }

    Task<StagingRoom> IImageStaging.ReserveAsync(string? size, CancellationToken cancellationToken) => Inner.ReserveAsync(size, cancellationToken);

    Task<StagedImage?> IImageStaging.FindAsync(Guid taskId, CancellationToken cancellationToken) => Inner.FindAsync(taskId, cancellationToken);

    Task<Stream?> IImageStaging.OpenAsync(Guid taskId, CancellationToken cancellationToken) => Inner.OpenAsync(taskId, cancellationToken);

    Task IImageStaging.DropAsync(Guid taskId, CancellationToken cancellationToken) => Inner.DropAsync(taskId, cancellationToken);

    IAsyncEnumerable<StagingEntry> IImageStaging.ListAsync(CancellationToken cancellationToken) => Inner.ListAsync(cancellationToken);
}
