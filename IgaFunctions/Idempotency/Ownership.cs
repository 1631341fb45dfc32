using Iga.Tasks;

namespace Iga.Idempotency;

/// <summary>What a task finds when it looks whether the key is still its own.</summary>
public abstract record Ownership
{
    private Ownership()
    {
    }

    /// <summary>The key is this task's and in flight.</summary>
    public sealed record Owned : Ownership;

    /// <summary>This task, or an earlier holder that had no task id, has completed the key with this result.</summary>
    public sealed record Completed(ImageResult Result) : Ownership;

    /// <summary>Another holder has the key, or the row is gone.</summary>
    public sealed record Lost : Ownership;
}
