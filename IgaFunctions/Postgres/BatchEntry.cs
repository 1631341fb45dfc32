using System.Diagnostics;

namespace Iga.Postgres;

/// <summary>One caller's item, and the answer that it waits for.</summary>
/// <param name="isLatencyBound">Whether the caller goes on on the thread that brings the answer.</param>
internal sealed class BatchEntry<TItem, TResult>(TItem item, bool isLatencyBound)
{
    public TItem Item => item;

    /// <summary>The span that it is asked for in; null where nothing is traced.</summary>
    public ActivityContext? Span { get; } = Activity.Current?.Context;

    /// <summary>Null while it waits for one.</summary>
    public Batch<TItem, TResult>? Batch { get; set; }

    public TaskCompletionSource<TResult> Answer { get; } =
        new(isLatencyBound ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
}
