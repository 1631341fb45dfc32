namespace Iga.Bench.Sites;

/// <summary>The end of a run, with which it lost what was in flight.</summary>
/// <param name="WasKilled">By kill -9; else by SIGTERM, which leaves time to finish.</param>
/// <param name="Staged">The task ids of the pictures that were staged at that moment.</param>
internal sealed record CutOff(DateTimeOffset At, bool WasKilled, IReadOnlySet<string> Staged);
