namespace Iga.Keys;

/// <summary>What a claim on an idempotency key found.</summary>
public abstract record Claim
{
    private Claim()
    {
    }

    /// <summary>The key is ours: a new task starts.</summary>
    /// <param name="MayHaveObject">
    /// An earlier task held the key, and may have stored an object before it failed or fell silent; or it held it so long ago that its
    /// record may have been deleted.
    /// </param>
    public sealed record Won(Guid TaskId, bool MayHaveObject = false) : Claim;

    /// <summary>The same request came before: it has this task.</summary>
    /// <param name="InFlight">False when the task has completed.</param>
    public sealed record Replayed(Guid TaskId, bool InFlight) : Claim;

    /// <summary>The key belongs to another request.</summary>
    public sealed record Reused(Guid TaskId) : Claim;

    /// <summary>The row is not one of our tasks: whoever wrote it holds the key.</summary>
    public sealed record HeldElsewhere : Claim;
}
