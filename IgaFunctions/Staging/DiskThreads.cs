using System.Collections.Concurrent;

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

    private readonly BlockingCollection<Task> _queue = [];
    private int _threads;
    private int _busy;
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
        _queue.Add(task);
        while (Volatile.Read(ref _threads) is var threads && threads < Most && threads < Volatile.Read(ref _busy) + _queue.Count)
        {
            if (Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
            {
                new Thread(Work) { IsBackground = true, Name = "IGA disk" }.UnsafeStart();
            }
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _queue;

    private void Work()
    {
        while (true)
        {
            while (_queue.TryTake(out var task, IdleTime))
            {
                Interlocked.Increment(ref _busy);
                TryExecuteTask(task);
                Interlocked.Decrement(ref _busy);
            }

            Interlocked.Decrement(ref _threads);

            // What was queued when this thread still counted is its own to do.
            if (_queue.Count == 0 || Interlocked.Increment(ref _threads) > Most)
            {
                return;
            }
        }
    }
}
