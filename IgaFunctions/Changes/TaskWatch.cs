namespace Iga.Changes;

/// <summary>A task whose end somebody waits for.</summary>
internal sealed class TaskWatch(Guid taskId)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid TaskId => taskId;

    /// <summary>How many wait; guarded by the lock of <see cref="TaskChanges"/>.</summary>
    public int Watchers { get; set; }

    public Task Ended => _ended.Task;

    public void End() => _ended.TrySetResult();
}
