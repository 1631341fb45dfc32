using Iga.Changes;

namespace Iga.Waiting;

/// <summary>
/// The requests that wait for the end of a task. A waiting request costs neither a thread nor a look into the database of its own: what
/// ends in this process says so, and of the rest one statement for all asks the table every so often (<see cref="EndedElsewhere"/>).
/// </summary>
public sealed class TaskWaits : IDisposable
{
    private readonly TaskChanges _changes;
    private readonly EndedElsewhere _elsewhere;
    private readonly TimeProvider _time;
    private readonly Seats _seats;
    private readonly CancellationTokenRegistration _stopping;
    private readonly CancellationTokenSource _closed = new();

    public TaskWaits(
        TaskChanges changes, EndedElsewhere elsewhere, WaitOptions options, TimeProvider time, IHostApplicationLifetime? lifetime = null)
    {
        (_changes, _elsewhere, _time, _seats) = (changes, elsewhere, time, new Seats(options.MaxWaits));
        _stopping = lifetime?.ApplicationStopping.Register(Close) ?? default;
    }

    /// <summary>So many requests wait.</summary>
    internal int Count => _seats.Taken;

    /// <summary>Ends all waits, and begins none any more: the process is about to stop.</summary>
    public void Close() => _closed.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _closed.Dispose();
    }

    /// <summary>Begins a wait, before the task is looked at, so that an end in between is not missed.</summary>
    /// <param name="caller">The name of the API key that asks; null where it has none.</param>
    /// <returns>Null when as many wait as may, or the process is about to stop.</returns>
    internal Place? TryBegin(Guid taskId, string? caller)
    {
        if (_closed.IsCancellationRequested || !_seats.TryTake(caller))
        {
            return null;
        }

        return new Place(this, _changes.Watch(taskId), caller);
    }

    /// <summary>One request that waits.</summary>
    internal sealed class Place(TaskWaits waits, TaskWatch watch, string? caller) : IDisposable
    {
        /// <summary>Returns when the task has ended, the time is up, or the process is about to stop.</summary>
        /// <exception cref="OperationCanceledException">The caller hung up.</exception>
        public async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
        {
            waits._elsewhere.Look();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, waits._closed.Token);
            await watch.Ended.WaitAsync(limit, waits._time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        public void Dispose()
        {
            waits._changes.Unwatch(watch);
            waits._seats.GiveBack(caller);
        }
    }
}
