namespace Iga.LocalHost.Runtime;

/// <summary>What starts a function.</summary>
internal enum FunctionTrigger
{
    Http,
    Orchestration,
    Activity,
    Timer,
}
