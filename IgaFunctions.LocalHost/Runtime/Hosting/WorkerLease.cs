namespace Iga.LocalHost.Runtime;

/// <summary>The lease token of this process at the moment.</summary>
internal sealed class WorkerLease
{
    private volatile object? current;

    /// <summary>Null before the process has registered, after it lost its lease, and while it stops.</summary>
    public Guid? Current
    {
        get => (Guid?)current;
        set => current = value;
    }
}
