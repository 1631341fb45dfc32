using Iga.TaskList;
using Iga.Workflow;

namespace Iga.TaskEvents;

/// <summary>What was told of tasks, so that what is found next is told where it is a change. For use by one at a time.</summary>
internal sealed class SeenTasks(TimeProvider time)
{
    /// <summary>So long an end is known to have been told: much longer than looks overlap.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, string> _inFlight = [];
    private readonly HashSet<Guid> _ended = [];
    private readonly Queue<(Guid TaskId, long At)> _endedInOrder = [];

    /// <summary>The tasks in flight, and what was told of each.</summary>
    public IReadOnlyDictionary<Guid, string> InFlight => _inFlight;

    /// <summary>Takes over what there is before anybody listens.</summary>
    public void Begin(TaskSnapshot snapshot, IReadOnlyDictionary<Guid, string> states)
    {
        foreach (var id in snapshot.Ended)
        {
            Remember(id);
        }

        foreach (var id in snapshot.InFlight)
        {
            _inFlight[id] = states.GetValueOrDefault(id, TaskState.Pending.Status);
        }
    }

    /// <param name="states">Of some of the tasks in flight.</param>
    /// <returns>The tasks to be read, since something about them is new.</returns>
    public IReadOnlyList<Guid> FindChanged(TaskSnapshot snapshot, IReadOnlyDictionary<Guid, string> states)
    {
        var changed = new HashSet<Guid>(snapshot.Ended.Where(id => !_ended.Contains(id)));
        changed.UnionWith(snapshot.InFlight.Where(id => !_inFlight.ContainsKey(id)));
        changed.UnionWith(states.Where(state => _inFlight.TryGetValue(state.Key, out var told) && IsChange(told, state.Value)).Select(state => state.Key));
        if (snapshot.IsWhole)
        {
            // They have ended, or their claims were given back.
            changed.UnionWith(_inFlight.Keys.Where(id => !snapshot.InFlight.Contains(id)));
        }

        return [.. changed];
    }

    /// <param name="asked">What <see cref="FindChanged"/> has found.</param>
    /// <param name="read">Those of them that are still known.</param>
    /// <returns>The tasks whose state has changed, as they are now.</returns>
    public IReadOnlyList<TaskSummary> Take(IReadOnlyList<Guid> asked, IReadOnlyList<TaskSummary> read)
    {
        Forget();
        foreach (var gone in asked.Except(read.Select(task => task.TaskId)))
        {
            _inFlight.Remove(gone);
        }

        // In the order in which it happened, as far as it is known.
        return [.. read.OrderBy(task => task.EndedAt ?? DateTimeOffset.MaxValue).ThenBy(task => task.CreatedAt).Where(IsNews)];
    }

    private bool IsNews(TaskSummary task)
    {
        if (task.Status is TaskState.Success or TaskState.Failure)
        {
            _inFlight.Remove(task.TaskId);
            return Remember(task.TaskId);
        }

        if (_ended.Contains(task.TaskId) || (_inFlight.TryGetValue(task.TaskId, out var told) && !IsChange(told, task.Status)))
        {
            return false;
        }

        _inFlight[task.TaskId] = task.Status;
        return true;
    }

    /// <summary>A task that has begun is never PENDING again: then the engine did not say in time.</summary>
    private static bool IsChange(string told, string status) => told != status && status != TaskState.Pending.Status;

    private bool Remember(Guid taskId)
    {
        if (!_ended.Add(taskId))
        {
            return false;
        }

        _endedInOrder.Enqueue((taskId, time.GetTimestamp()));
        return true;
    }

    private void Forget()
    {
        while (_endedInOrder.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Memory)
        {
            _ended.Remove(_endedInOrder.Dequeue().TaskId);
        }
    }
}
