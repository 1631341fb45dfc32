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

/// <summary>Which faults the activities call those of a picture that is paid for: the workflow waits them out for a day.</summary>
public sealed class PaidPictureTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"paid {Guid.NewGuid()}";

    [Fact]
    public async Task A_picture_that_the_bucket_does_not_take_is_paid_for()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        _service.Gcs.Faults.Add("storage.objects.insert.simple", "return-503", 3, Fixtures.Service.ObjectStemOf(_key));

        var fault = Assert.IsType<Progress.Staged>(await RunAsync(task)).Fault!;

        Assert.Equal((true, true), (fault.IsTransient, fault.HasPaidPicture));
        Assert.IsType<Progress.Completed>(await RunAsync(task));
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    [Fact]
    public async Task A_picture_that_the_staging_has_lost_and_that_may_be_in_the_bucket_is_paid_for()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        var staged = await _service.Get<IImageStaging>().StageAsync(task.TaskId, Pictures.Jpeg(700), ImageFormat.Jpeg);
        Assert.True(await _service.Get<IdempotencyStore>().RecordStagedAsync(task, staged, default));
        await _service.Get<IImageStaging>().DropAsync(task.TaskId, default);
        _service.Gcs.Faults.Add("storage.objects.get", "return-503", 3, Fixtures.Service.ObjectStemOf(_key));

        var fault = Assert.IsType<Progress.NotMade>(await RunAsync(task)).Fault;

        Assert.Equal((true, true), (fault.IsTransient, fault.HasPaidPicture));
        Assert.Equal(0, _service.ModelCalls(_prompt));

        // It is not in the bucket, and has to be made again: then it is the model that is waited for, as for any other picture.
        _service.Vertex.Faults.Add("vertex.generateContent", "return-503", 3, _prompt);
        Assert.False(Assert.IsType<Progress.NotMade>(await RunAsync(task)).Fault.HasPaidPicture);
    }

    private async Task<Progress> RunAsync(ImageTask task)
    {
        // A host that has just started may not have its lease yet.
        var lease = _service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);
        return await _service.Make<MakeImage>().RunAsync(new MakeImage.Input(task, DateTime.UtcNow), default);
    }
}
