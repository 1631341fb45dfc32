namespace Iga.LocalHost.Runtime;

/// <summary>Where an instance stands. The numbers are Microsoft's, and are what the table holds.</summary>
public enum OrchestrationRuntimeStatus
{
    Running,
    Completed,
    ContinuedAsNew,
    Failed,
    Canceled,
    Terminated,
    Pending,
    Suspended,
}
