namespace Iga.Tests.Keys;

/// <summary>What the model knows of our row of a key.</summary>
/// <param name="TaskId">Null in a row that the replaced system wrote.</param>
/// <param name="Lock"><c>none</c>, <c>fresh</c>, <c>ageing</c> (past a heartbeat) or <c>stale</c> (past the lock timeout).</param>
/// <param name="IsUntouched">The lock is the one that came with the claim.</param>
/// <param name="IsOld">It was made longer ago than the lock timeout; what counts where there is no lock.</param>
/// <param name="Staged">The size of the picture that its task has staged.</param>
internal sealed record ModelRow(
    Guid? TaskId, string Status, string? Fingerprint, string Lock, string? ImageUrl, string? Error, bool IsUntouched = false,
    bool IsOld = false, long? Staged = null)
{
    public bool IsFree => Status == "failed" || (Status == "processing" && (Lock == "stale" || (Lock == "none" && IsOld)));

    public bool IsInFlightOf(Guid taskId) => TaskId == taskId && Status == "processing";
}
