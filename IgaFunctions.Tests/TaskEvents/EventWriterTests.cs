using System.IO.Pipelines;
using System.Text;
using Iga.TaskEvents;
using Iga.TaskList;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.TaskEvents;

/// <summary>What goes over the wire while nothing happens, and while nobody reads.</summary>
public sealed class EventWriterTests
{
    private static readonly HashSet<Guid> None = [];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task While_nothing_happens_a_comment_goes_out_every_fifteen_seconds()
    {
        var time = new FakeTimeProvider();
        var pipe = new Pipe();
        using var stream = new EventStream(new TaskFilter());
        using var stop = new CancellationTokenSource();
        var writing = new EventWriter(pipe.Writer, time).WriteAllAsync(stream.Changes, None, stop.Token);

        for (var comment = 1; comment <= 2; comment++)
        {
            time.Advance(TimeSpan.FromSeconds(14.9));
            Assert.False(pipe.Reader.TryRead(out _));
            time.Advance(TimeSpan.FromSeconds(0.1));
            Assert.Equal(": still here\n\n", await ReadAsync(pipe.Reader));
        }

        stream.Offer(Change);
        Assert.Equal("data", await ReadAsync(pipe.Reader));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reader_that_falls_far_behind_is_cut_off_and_holds_no_more_than_that()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var stream = new EventStream(new TaskFilter());
        var writing = new EventWriter(pipe.Writer, TimeProvider.System).WriteAllAsync(stream.Changes, None, stream.Cut);
        stream.Offer(Change);
        await Eventually.Async(() => stream.Changes.Count == 0); // it is being written, to nobody

        for (var change = 0; change < EventStream.MostWaiting; change++)
        {
            stream.Offer(Change);
        }

        Assert.False(stream.Cut.IsCancellationRequested);
        stream.Offer(Change);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience));
        Assert.Equal(EventStream.MostWaiting, stream.Changes.Count);
        stream.Offer(Change);
        Assert.Equal(EventStream.MostWaiting, stream.Changes.Count);
    }

    [Fact]
    public async Task Of_a_task_whose_end_was_told_nothing_earlier_is_told_after_it()
    {
        var pipe = new Pipe();
        using var stream = new EventStream(new TaskFilter());
        using var stop = new CancellationTokenSource();
        var (told, other) = (Guid.NewGuid(), Guid.NewGuid());
        stream.Offer(Of(told, "STARTED", "stale"));
        stream.Offer(Of(other, "STARTED", "started;"));
        stream.Offer(Of(told, "SUCCESS", "end"));

        var writing = new EventWriter(pipe.Writer, TimeProvider.System).WriteAllAsync(stream.Changes, new HashSet<Guid> { told }, stop.Token);

        await Eventually.Async(() => stream.Changes.Count == 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience));
        Assert.Equal("started;end", await ReadAsync(pipe.Reader));
    }

    private static TaskEvent Change => Of(Guid.Empty, "PENDING", "data");

    private static TaskEvent Of(Guid id, string status, string frame) => new(
        new TaskSummary(id, status, null, null, "k", null, default, null, null, null, null, null, null, null, null, null, null),
        Encoding.UTF8.GetBytes(frame));

    private static async Task<string> ReadAsync(PipeReader reader)
    {
        using var patience = new CancellationTokenSource(Patience);
        var read = await reader.ReadAsync(patience.Token);
        var text = Encoding.UTF8.GetString(read.Buffer);
        reader.AdvanceTo(read.Buffer.End);
        return text;
    }
}
