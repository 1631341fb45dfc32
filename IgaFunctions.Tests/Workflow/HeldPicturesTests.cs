using Iga.Images;
using Iga.LocalHost.Durable.Worker;
using Iga.Models;
using Iga.Staging;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>A picture that is still in memory is sent from there, and never once its memory is another one's.</summary>
public sealed class HeldPicturesTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly HeldPictures _held = new();

    [Fact]
    public async Task A_task_that_meets_no_fault_does_not_read_its_picture_back()
    {
        var service = fixture.Service;
        var key = Caller.NewKey();
        var task = await Claims.LeaveAsync(service, key, $"held {key}");
        var lease = service.Get<WorkerLease>();
        await Eventually.Async(() => lease.Current is not null);
        lease.ActUnder(lease.Current!.Value);

        var counting = new CountingStaging(service.Get<IImageStaging>());
        var done = await service.Make<MakeImage>(service.Make<ImageUploader>(counting)).RunAsync(new MakeImage.Input(task, DateTime.UtcNow), default);

        Assert.IsType<Progress.Completed>(done);
        Assert.Single(service.ObjectsOf(key));
        Assert.Equal(0, counting.Opened);
        Assert.Null(service.Get<HeldPictures>().Open(task.TaskId));
    }

    [Fact]
    public async Task What_is_held_is_read_from_wherever_the_reader_stands()
    {
        var (id, image) = (Guid.NewGuid(), Picture(1_000, out _));
        Assert.True(_held.TryTake(id, image));

        using var content = _held.Open(id)!;
        Assert.Equal(1_000, content.Length);
        content.Seek(-10, SeekOrigin.End);
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, TestContext.Current.CancellationToken);

        Assert.Equal(image.Bytes[990..].ToArray(), copy.ToArray());
        Assert.Equal(0, content.Read([1, 2, 3]));
    }

    [Fact]
    public void What_was_let_go_of_is_read_no_more_and_its_memory_given_back_once()
    {
        var (id, image) = (Guid.NewGuid(), Picture(1_000, out var memory));
        Assert.True(_held.TryTake(id, image));
        using var content = _held.Open(id)!;

        _held.LetGo(id);
        _held.LetGo(id);

        Assert.Equal(1, memory.GivenBack);
        Assert.Throws<ObjectDisposedException>(() => content.Read(new byte[10]));
        Assert.Null(_held.Open(id));
    }

    [Fact]
    public void Few_are_held_and_none_that_is_large_or_there_already()
    {
        Assert.False(_held.TryTake(Guid.NewGuid(), Picture(4 << 20, out _)));
        var ids = Enumerable.Range(0, HeldPictures.Most).Select(_ => Guid.NewGuid()).ToArray();
        Assert.All(ids[1..], id => Assert.True(_held.TryTake(id, Picture(10, out _))));
        Assert.False(_held.TryTake(ids[1], Picture(10, out _)));
        Assert.True(_held.TryTake(ids[0], Picture(10, out _)));

        Assert.False(_held.TryTake(Guid.NewGuid(), Picture(10, out var memory)));
        Assert.Equal(0, memory.GivenBack);
        _held.LetGo(ids[3]);
        Assert.True(_held.TryTake(Guid.NewGuid(), Picture(10, out _)));
    }

    private static GeneratedImage Picture(int bytes, out Memory memory)
    {
        memory = new();
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        return new(content, ImageFormat.Png, memory);
    }

    private sealed class Memory : IDisposable
    {
        public int GivenBack { get; private set; }

        public void Dispose() => GivenBack++;
    }

    private sealed class CountingStaging(IImageStaging inner) : DelegatingStaging(inner)
    {
        public int Opened { get; private set; }

        public override Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken)
        {
            Opened++;
            return base.OpenAsync(taskId, cancellationToken);
        }
    }
}
