using Iga.LocalHost.Durable.Engine;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Which of an orchestrator's pending tasks were started already, by task id. The orchestrator's code may be run anew by replay and
/// ask for the same tasks again: they are not started twice. Not thread-safe.
/// </summary>
/// <param name="owner">The lease token under which the activities run.</param>
/// <param name="ended">
/// Told, on any thread, which task ended how, and the earliest time that the end may be recorded with: a timer's own.
/// </param>
internal sealed class StartedTasks(
    InstanceRow row, Guid owner, RunnerServices services, Action<int, HistoryEventKind, string?, DateTime> ended,
    CancellationToken abandoned)
{
    private readonly Dictionary<int, DurableTimer?> _started = [];

    /// <summary>Starts what is pending and not started, and forgets what is pending no more.</summary>
    public void Follow(IReadOnlyDictionary<int, PendingTask> pending)
    {
        foreach (var id in _started.Keys.Where(id => !pending.ContainsKey(id)).ToArray())
        {
            Forget(id);
        }

        foreach (var task in pending.Values.Where(t => !_started.ContainsKey(t.Id)).OrderBy(t => t.Id).ToArray())
        {
            _started.Add(task.Id, Start(task));
        }
    }

    /// <summary>A task has ended, or nobody waits for it any more.</summary>
    public void Forget(int id)
    {
        _started.Remove(id, out var timer);
        timer?.Dispose();
    }

    public void ForgetAll()
    {
        foreach (var id in _started.Keys.ToArray())
        {
            Forget(id);
        }
    }

    private DurableTimer? Start(PendingTask task)
    {
        switch (task)
        {
            case PendingTask.Timer timer:
                return new DurableTimer(
                    services.Time, timer.FireAt, () => ended(task.Id, HistoryEventKind.Fired, null, timer.FireAt));
            case PendingTask.Activity activity:
                services.Activities.Start(
                    row, owner, activity, (kind, payload) => ended(task.Id, kind, payload, DateTime.MinValue), abandoned);
                return null;
            default:
                throw new InvalidOperationException($"Unknown task {task}.");
        }
    }
}
