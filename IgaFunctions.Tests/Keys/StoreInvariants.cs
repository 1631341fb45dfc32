using Iga.Keys;

namespace Iga.Tests.Keys;

/// <summary>Holds what the database saw against what the store's callers were told.</summary>
internal static class StoreInvariants
{
    /// <returns>Every promise that was broken, in words.</returns>
    public static IEnumerable<string> Broken(IReadOnlyList<RowChange> changes, StoreStorm storm) =>
    [
        .. changes.SelectMany(Broken),
        .. storm.Calls.Values.SelectMany(calls => Broken(calls, [.. changes.Where(change => Concerns(change, calls.Task.TaskId))])),
        .. storm.Answers.SelectMany(answer => Broken(answer.Claim, changes)),
    ];

    /// <summary>What any single change may not do.</summary>
    private static IEnumerable<string> Broken(RowChange change)
    {
        var (before, after) = (change.Before, change.After);
        if (before?.Status == "completed" && (after is null || before != (after with { IsFresh = false })))
        {
            yield return $"a completed key changed: {change}";
        }

        if (change.IsNewOwner && before is not null && before.Status != "failed" && !change.WasStale)
        {
            yield return $"a live owner lost its key: {change}";
        }

        if (change.IsNewOwner && (before?.Fingerprint ?? after!.Fingerprint) != after!.Fingerprint)
        {
            yield return $"another request took the key over: {change}";
        }

        if (after is not null && (after.ImageUrl ?? $"gs://b/{after.TaskId}") != $"gs://b/{after.TaskId}")
        {
            yield return $"a result that its owner did not write: {change}";
        }

        if (after is not null && (after.Error ?? $"{after.TaskId}") != $"{after.TaskId}")
        {
            yield return $"an error that its owner did not write: {change}";
        }

        if (after is null && before!.Status != "processing")
        {
            yield return $"a row was deleted that was not in flight: {change}";
        }

        if (change.IsNewOwner && (after!.Status, after.ImageUrl, after.Error, after.IsFresh) != ("processing", null, null, true))
        {
            yield return $"a claim that begins with a past: {change}";
        }
    }

    /// <summary>Every success that a task was told of is a change of its own row, and every such change was asked for by it.</summary>
    private static IEnumerable<string> Broken(TaskCalls calls, RowChange[] changes)
    {
        var won = changes.Count(change => change.IsNewOwner && change.After!.TaskId == calls.Task.TaskId);
        if (won != calls.Won && !(calls.Won == 0 && won == 1 && changes.Length == 1))
        {
            yield return $"{calls.Task.TaskId} was told {calls.Won} times that it won its key, and got it {won} times";
        }

        var own = changes.Where(change => change.Before?.TaskId == calls.Task.TaskId && !change.IsNewOwner).ToArray();
        var completed = own.Count(change => change.After?.Status == "completed");
        var failed = own.Count(change => change.After?.Status == "failed");
        var renewed = own.Count(change => change.IsRenewed);
        var deleted = own.Count(change => change.After is null);
        if (completed != calls.Completed || failed != calls.Failed || renewed > calls.Renewed
            || deleted > Math.Min(1, calls.Released))
        {
            yield return $"{calls.Task.TaskId} was told of {calls.Completed} completions, {calls.Failed} failures, "
                + $"{calls.Renewed} confirmations and asked for {calls.Released} releases, but its row saw {completed}, {failed}, "
                + $"{renewed} and {deleted}";
        }
    }

    /// <summary>A caller is told of a task only if that task did have the key.</summary>
    private static IEnumerable<string> Broken(Claim claim, IReadOnlyList<RowChange> changes)
    {
        var named = claim switch
        {
            Claim.Replayed replayed => replayed.TaskId,
            Claim.Reused reused => reused.TaskId,
            _ => (Guid?)null,
        };
        if (named is { } taskId && !changes.Any(change => change.IsNewOwner && change.After!.TaskId == taskId))
        {
            yield return $"{claim} names a task that never had the key";
        }

        if (claim is Claim.HeldElsewhere && !changes.Any(change => (change.Before ?? change.After)!.TaskId is null))
        {
            yield return $"{claim}, but no other system ever wrote such a row";
        }
    }

    private static bool Concerns(RowChange change, Guid taskId) => change.Before?.TaskId == taskId || change.After?.TaskId == taskId;
}
