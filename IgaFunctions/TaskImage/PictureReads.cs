using Iga.Callers;
using Iga.Queues;

namespace Iga.TaskImage;

/// <summary>
/// So many pictures are read from the bucket at once, that whoever looks at pictures takes neither the connections nor the memory that
/// tasks need. Callers take turns.
/// </summary>
public sealed class PictureReads
{
    /// <summary>Each has a connection to the bucket, and one piece of a picture in memory.</summary>
    public const int AtOnce = 32;

    /// <summary>So long a caller waits for a place; what is left of its time is for the bucket.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly FairSlots _slots = new(AtOnce);

    /// <returns>A place, to be disposed when the answer is sent.</returns>
    /// <exception cref="OperationCanceledException">No place became free in time.</exception>
    internal async Task<IDisposable> EnterAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        wait.CancelAfter(LongestWait);
        return await _slots.TakeAsync(() => Caller.Of(context)?.Name ?? "", wait.Token);
    }
}
