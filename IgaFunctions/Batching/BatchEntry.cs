namespace Iga.Batching;

/// <summary>One caller's item, and the answer that it waits for.</summary>
internal sealed class BatchEntry<TItem, TResult>(TItem item)
{
    public TItem Item => item;

    /// <summary>Null while it waits for one.</summary>
    public Batch<TItem, TResult>? Batch { get; set; }

    public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
