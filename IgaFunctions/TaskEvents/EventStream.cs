using System.Threading.Channels;
using Iga.TaskList;

namespace Iga.TaskEvents;

/// <summary>
/// What waits to be written to one caller. One that takes its events too slowly is cut off when so many wait: it comes back with the id of the
/// last one that it has, and is told the rest.
/// </summary>
internal sealed class EventStream(TaskFilter filter) : IDisposable
{
    /// <summary>The events are shared by all streams, so each costs a stream the place of a reference.</summary>
    public const int MostWaiting = 4096;

    private readonly Channel<TaskEvent> _waiting = Channel.CreateBounded<TaskEvent>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = false, AllowSynchronousContinuations = false });

    private readonly CancellationTokenSource _cut = new();

    public TaskFilter Filter => filter;

    public ChannelReader<TaskEvent> Changes => _waiting.Reader;

    /// <summary>Is cancelled when the stream is cut off.</summary>
    public CancellationToken Cut => _cut.Token;

    public void Offer(TaskEvent change)
    {
        if (change.IsFor(filter) && !_waiting.Writer.TryWrite(change))
        {
            _waiting.Writer.TryComplete();
            _ = _cut.CancelAsync();
        }
    }

    public void Dispose() => _cut.Dispose();
}
