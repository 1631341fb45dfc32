namespace Iga.LocalHost.Runtime;

/// <summary>How many instances a purge deleted.</summary>
public sealed class PurgeResult(int count)
{
    public int PurgedInstanceCount { get; } = count;
}
