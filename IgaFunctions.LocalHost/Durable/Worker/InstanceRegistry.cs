using System.Collections.Concurrent;
using Iga.LocalHost.Durable.Engine;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>The instances that this process runs.</summary>
internal sealed class InstanceRegistry(WorkerLease lease, DurableTaskOptions options, RunnerServices services)
{
    private readonly ConcurrentDictionary<Guid, InstanceRunner> _runners = [];
    private readonly ConcurrentDictionary<Guid, bool> _announced = [];
    private readonly ConcurrentDictionary<string, Guid> _executions = new(StringComparer.Ordinal);

    private volatile bool _closed;
    private int _taken;

    /// <summary>Whether no step is being taken at the moment; instances may well wait.</summary>
    public bool IsQuiet => _announced.IsEmpty && _runners.Values.All(r => r.IsIdle);

    /// <summary>How many instances this process runs or is about to run.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>From now on there is no room.</summary>
    public void Close() => _closed = true;

    /// <summary>Keeps room for instances that are about to be leased, until <see cref="GiveBack"/>.</summary>
    /// <returns>For how many there is room.</returns>
    public int Reserve(int wanted)
    {
        while (!_closed)
        {
            var before = Volatile.Read(ref _taken);
            var granted = Math.Min(wanted, options.MaxInstancesInMemory - before);
            if (granted <= 0)
            {
                return 0;
            }

            if (Interlocked.CompareExchange(ref _taken, before + granted, before) == before)
            {
                return granted;
            }
        }

        return 0;
    }

    public void GiveBack(int reserved) => Interlocked.Add(ref _taken, -reserved);

    /// <summary>
    /// Makes an execution known that is about to be written as leased to this process, until the result is disposed. Else the
    /// search for leases that nobody here knows of would free it.
    /// </summary>
    public IDisposable Announce(Guid execution)
    {
        _announced[execution] = true;
        return new Announcement(() => _announced.TryRemove(execution, out _));
    }

    /// <summary>Whether this process runs the instance.</summary>
    public bool Runs(string instanceId) => _executions.ContainsKey(instanceId);

    public bool Knows(Guid execution) => _announced.ContainsKey(execution) || _runners.ContainsKey(execution);

    /// <summary>Runs an instance that was leased to this process under the token.</summary>
    public void Adopt(InstanceRow row, IEnumerable<HistoryEvent> history, Guid owner)
    {
        // Until the caller gives its reservation back, the instance counts twice: too little room for a moment, never too much.
        Interlocked.Increment(ref _taken);
        InstanceRunner runner = new(row, [.. history], owner, services, Leave);
        while (!_runners.TryAdd(row.ExecutionId, runner))
        {
            // There is an older runner: its lease was lost and the instance leased to this process again, unnoticed.
            Abandon(row.ExecutionId);
        }

        _executions[row.InstanceId] = row.ExecutionId;

        // The lease may have been lost since. Whoever loses it withdraws the token first and then abandons all runners, so either
        // that side finds the runner, or this one finds the token gone.
        if (lease.Current != owner)
        {
            Abandon(row.ExecutionId);
            return;
        }

        runner.Begin();
    }

    /// <summary>Drops an instance without another write, and cancels its activities.</summary>
    public void Abandon(Guid execution)
    {
        if (_runners.TryRemove(execution, out var runner))
        {
            Forget(runner);
            runner.Abandon();
        }
    }

    public void AbandonAll()
    {
        foreach (var execution in _runners.Keys)
        {
            Abandon(execution);
        }
    }

    private void Leave(InstanceRunner runner)
    {
        if (_runners.TryRemove(new(runner.Row.ExecutionId, runner)))
        {
            Forget(runner);
        }
    }

    private void Forget(InstanceRunner runner)
    {
        _executions.TryRemove(new(runner.Row.InstanceId, runner.Row.ExecutionId));
        GiveBack(1);
    }

    private sealed class Announcement(Action withdraw) : IDisposable
    {
        public void Dispose() => withdraw();
    }
}
