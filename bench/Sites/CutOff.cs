namespace Iga.Bench.Sites;

/// <summary>The end of a run that lost what was in the air.</summary>
/// <param name="WasKilled">True for kill -9 and for a lost lease; false for a SIGTERM, which leaves time to finish.</param>
/// <param name="Staged">The task ids of the pictures that were staged at that moment.</param>
internal sealed record CutOff(DateTimeOffset At, bool WasKilled, IReadOnlySet<string> Staged);
