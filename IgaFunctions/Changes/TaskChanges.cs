namespace Iga.Changes;

/// <summary>
/// Tells, within this process, that tasks have changed state. Whoever writes the end of a task into the table says so here, whichever
/// engine runs the task; of what other processes write, whoever finds it in the table.
/// </summary>
public sealed class TaskChanges
{
    /// <summary>For so many that ended last it is known that they did.</summary>
    private const int Remembered = 8192;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, TaskWatch> _watched = [];
    private readonly HashSet<Guid> _ended = new(Remembered);
    private readonly Queue<Guid> _endedInOrder = new(Remembered);
    private TaskCompletionSource? _next;

    /// <summary>Completes at the next change of any task.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return (_next ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>
    /// Whether the end of a task was just written here. The engine may say for a moment yet that the task is running: its history is
    /// written after the table.
    /// </summary>
    public bool HasJustEnded(Guid taskId)
    {
        lock (_gate)
        {
            return _ended.Contains(taskId);
        }
    }

    /// <summary>A task has ended, and the table says how.</summary>
    public void Ended(Guid taskId)
    {
        TaskWatch? watch;
        lock (_gate)
        {
            _watched.Remove(taskId, out watch);
            if (_ended.Add(taskId))
            {
                _endedInOrder.Enqueue(taskId);
                if (_endedInOrder.Count > Remembered)
                {
                    _ended.Remove(_endedInOrder.Dequeue());
                }
            }
        }

        watch?.End();
        Moved();
    }

    /// <summary>A task was accepted, has begun, or goes on.</summary>
    public void Moved()
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            next = _next;
            _next = null;
        }

        next?.TrySetResult();
    }

    /// <summary>Begins to watch for the end of a task. Who watches the same task shares one watch; each gives it back.</summary>
    internal TaskWatch Watch(Guid taskId)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(taskId, out var watch))
            {
                watch = _watched[taskId] = new TaskWatch(taskId);
            }

            watch.Watchers++;
            return watch;
        }
    }

    internal void Unwatch(TaskWatch watch)
    {
        lock (_gate)
        {
            if (--watch.Watchers == 0 && _watched.GetValueOrDefault(watch.TaskId) == watch)
            {
                _watched.Remove(watch.TaskId);
            }
        }
    }

    /// <returns>The tasks that are watched.</returns>
    internal Guid[] Watched()
    {
        lock (_gate)
        {
            return [.. _watched.Keys];
        }
    }
}
