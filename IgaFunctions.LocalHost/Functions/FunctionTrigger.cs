namespace Iga.LocalHost.Functions;

/// <summary>What starts a function.</summary>
internal enum FunctionTrigger
{
    Http,
    Orchestration,
    Activity,
    Timer,
}
