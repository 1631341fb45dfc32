namespace Iga.Tests.Keys;

/// <summary>A change of one of our rows as the database saw it, under the row's lock: in the order of the key's owners.</summary>
/// <param name="Key">As it is stored.</param>
/// <param name="Before">Null when the row was inserted.</param>
/// <param name="After">Null when it was deleted.</param>
/// <param name="WasStale">Whether the lock before was past the lock timeout at the time of the change.</param>
internal sealed record RowChange(long Seq, string Key, RowChange.Row? Before, RowChange.Row? After, bool WasStale)
{
    public bool IsNewOwner => After is not null && After.TaskId != Before?.TaskId;

    /// <summary>Whether nothing but the lock changed, to a moment ago.</summary>
    public bool IsRenewed => !IsNewOwner && After is { IsFresh: true } && Before is not null
        && (Before with { IsFresh = true }) == After;

    /// <param name="IsFresh">The lock was taken, or renewed, by this very change.</param>
    internal sealed record Row(
        Guid? TaskId, string Status, string? Fingerprint, string? ImageUrl, string? Error, string? Result, bool IsFresh);
}
