namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// About how many instances have not ended: those in this process's memory, those that the last poll found waiting in the
/// table, and those that this process has put there since. Other processes' additions are noticed a poll later.
/// </summary>
internal sealed class PendingInstances(InstanceRegistry registry, DurableTaskOptions options)
{
    private int _waiting;
    private int _added;

    public int Count => registry.Taken + Volatile.Read(ref _waiting) + Volatile.Read(ref _added);

    /// <exception cref="TaskHubSaturatedException">There are too many.</exception>
    public void ThrowIfSaturated()
    {
        if (Count >= options.MaxPendingInstances)
        {
            throw new TaskHubSaturatedException(
                $"{options.MaxPendingInstances} orchestration instances or more have not ended; no further one is taken.");
        }
    }

    /// <summary>One is about to be put into the table without being run here.</summary>
    public void Add() => Interlocked.Increment(ref _added);

    /// <summary>It was not put there after all.</summary>
    public void Withdraw() => Interlocked.Decrement(ref _added);

    /// <summary>Counts those that wait in the table anew.</summary>
    public async Task RefreshAsync(Func<Task<int>> count)
    {
        // What is added during the count may be counted twice until the next one: a start is refused too early, never too late.
        var before = Volatile.Read(ref _added);
        Volatile.Write(ref _waiting, await count());
        Interlocked.Add(ref _added, -before);
    }
}
