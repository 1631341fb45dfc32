namespace Iga.Faults;

/// <summary>Measures nothing.</summary>
internal sealed class SilentObserver : IDependencyObserver
{
    public void CallEnded(string dependency, TimeSpan elapsed, string? failureKind, string? modelId = null)
    {
    }

    public void CallCut(string dependency, TimeSpan elapsed, string? modelId = null)
    {
    }
}
