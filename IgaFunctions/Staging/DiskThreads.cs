namespace Iga.Staging;

/// <summary>
/// Threads that wait for the disk in place of the thread pool's: a write that is to be on the disk takes milliseconds, and as many at once
/// as there are cores would hold up all else. One alone is done on the thread that asks for it, which saves two changes of threads.
/// </summary>
internal sealed class DiskThreads : TaskScheduler
{
    private const int Most = 16;

    /// <summary>A thread that had nothing to do for so long ends.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    // Threads that wait for a monitor sleep. BlockingCollection lets them spin first: a fifteenth of the service's CPU under load.
    private readonly object _gate = new();
    private readonly Queue<Task> _queue = [];
    private int _threads;
    private int _idle;
    private int _writes;

    public static DiskThreads Shared { get; } = new();

    public async Task RunAsync(Action work, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _writes) == 1)
            {
                work();
            }
            else
            {
                await Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.DenyChildAttach, this);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _writes);
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            _queue.Enqueue(task);
            if (_queue.Count <= _idle)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_threads == Most)
            {
                return;
            }

            _threads++;
        }

        new Thread(Work) { IsBackground = true, Name = "IGA disk" }.UnsafeStart();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
        {
            return [.. _queue];
        }
    }

    private void Work()
    {
        while (Take() is { } task)
        {
            TryExecuteTask(task);
        }
    }

    /// <returns>What is to be done next; null when the thread is to end.</returns>
    private Task? Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryDequeue(out var task))
                {
                    return task;
                }

                _idle++;
                var isWoken = Monitor.Wait(_gate, IdleTime);
                _idle--;
                if (!isWoken && _queue.Count == 0)
                {
                    _threads--;
                    return null;
                }
            }
        }
    }
}
