using Iga.Changes;

namespace Iga.Waiting;

/// <summary>
/// The requests that wait for the end of a task. A waiting request costs neither a thread nor a look into the database of its own: what
/// ends in this process says so, and of the rest one statement for all asks the table every so often (<see cref="EndedElsewhere"/>).
/// </summary>
public sealed class TaskWaits(TaskChanges changes, EndedElsewhere elsewhere, EarlyStop stop, WaitOptions options, TimeProvider time)
{
    private readonly Seats _seats = new(options.MaxWaits);

    /// <summary>So many requests wait.</summary>
    internal int Count => _seats.Taken;

    /// <summary>Begins a wait, before the task is looked at, so that an end in between is not missed.</summary>
    /// <param name="caller">The name of the API key that asks; null where it has none.</param>
    /// <returns>Null when as many wait as may, or the process is about to stop.</returns>
    internal Place? TryBegin(Guid taskId, string? caller) =>
        !stop.Token.IsCancellationRequested && _seats.TryTake(caller) ? new Place(this, changes.Watch(taskId), caller) : null;

    private async Task WaitAsync(TaskWatch watch, TimeSpan limit, CancellationToken cancellationToken)
    {
        elsewhere.Look();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop.Token);
        await watch.Ended.WaitAsync(limit, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void End(TaskWatch watch, string? caller)
    {
        changes.Unwatch(watch);
        _seats.GiveBack(caller);
    }

    /// <summary>One request that waits.</summary>
    internal sealed class Place(TaskWaits waits, TaskWatch watch, string? caller) : IDisposable
    {
        /// <summary>Returns when the task has ended, the time is up, or the process is about to stop.</summary>
        /// <exception cref="OperationCanceledException">The caller hung up.</exception>
        public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) => waits.WaitAsync(watch, limit, cancellationToken);

        public void Dispose() => waits.End(watch, caller);
    }
}
