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
public sealed class FasterRunTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;

    [Fact]
    public async Task The_picture_of_the_faster_run_is_stored_under_the_model_that_was_asked()
    {
        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(_service, key, $"faster {key}");
        var lease = _service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);

        var overtaken = new OvertakenStaging(_service.Get<IImageStaging>());
        var done = await _service.Make<MakeImage>(_service.Make<ImageMaker>(overtaken, _service.Make<PictureKeeper>(overtaken))).RunAsync(new MakeImage.Input(task, DateTime.UtcNow), default);

        Assert.IsType<Progress.Completed>(done);
        Assert.EndsWith("jpg", Assert.Single(_service.ObjectsOf(key)), StringComparison.Ordinal);
        var details = (await _service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{task.TaskId}?include=details")).GetProperty("details");
        Assert.Equal(("image/jpeg", task.Request.ModelId), (details.GetProperty("content_type").GetString(), details.GetProperty("model").GetString()));
    }

    /// <summary>Another run stages just before.</summary>
    private sealed class OvertakenStaging(IImageStaging inner) : DelegatingStaging(inner)
    {
        public override async Task<StagedImage> StageAsync(
            Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
        {
            await Inner.StageAsync(taskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
            return await base.StageAsync(taskId, room, image, description, cancellationToken);
        }
    }
}
