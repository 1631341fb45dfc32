using Iga.Staging;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>What a task finds when it looks whether the key is still its own.</summary>
public abstract record Ownership
{
    private Ownership()
    {
    }

    /// <summary>The key is this task's and in flight.</summary>
    /// <param name="Staged">What an earlier run of it has staged, and may have stored since.</param>
    public sealed record Owned(StagedImage? Staged = null) : Ownership;

    /// <summary>This task, or an earlier holder that had no task id, has completed the key with this result.</summary>
    public sealed record Completed(ImageResult Result) : Ownership;

    /// <summary>Another holder has the key, or the row is gone.</summary>
    public sealed record Lost : Ownership;
}
