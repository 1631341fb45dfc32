using CsCheck;

namespace Iga.Tests.Keys;

/// <summary>
/// What the store of keys promises, whatever its callers do and however they interleave, on every shape that the shared table
/// may have. A failure shows the seed; CsCheck_Seed repeats it (the moves, not the threads' timing).
/// </summary>
public abstract class StoreUnderAttackSuite(string? existingTable, string ownKeyPrefix)
{
    private const int Games = 40;
    private const int Storms = 4;

    [Fact]
    public async Task Any_sequence_of_moves_has_the_outcome_of_the_simplest_model()
    {
        await using var attacked = await AttackedStore.CreateAsync(existingTable, ownKeyPrefix);

        await StoreMove.Sequences.SampleAsync(
            moves => new ModelledStore(attacked).PlayAsync(moves), iter: Games, threads: 2,
            print: moves => string.Join(Environment.NewLine, moves.AsEnumerable()));
    }

    [Fact]
    public async Task Whoever_calls_at_once_a_key_has_one_owner_loses_no_completion_and_touches_no_row_of_others()
    {
        await using var attacked = await AttackedStore.CreateAsync(existingTable, ownKeyPrefix);
        await StoreAudit.InstallAsync(attacked);

        var (keys, newOwners) = (0, 0);
        await Gen.Int[0, int.MaxValue / 2].SampleAsync(
            async seed =>
            {
                var storm = await StormAsync(attacked, seed);
                (keys, newOwners) = (keys + storm.Keys, newOwners + storm.NewOwners);
            },
            iter: Storms, threads: 1);

        // Else they were no storms. One alone may be calm: it is chance whether its only completion comes first.
        Assert.True(newOwners > keys, "no key changed hands");
    }

    private static async Task<(int Keys, int NewOwners)> StormAsync(AttackedStore attacked, int seed)
    {
        var storm = new StoreStorm(attacked, seed);
        var writes = await storm.RunAsync();

        var changes = await StoreAudit.ReadAsync(attacked, [.. storm.Keys.Select(attacked.StoredKey)]);
        Assert.Empty(StoreInvariants.Broken(changes, storm));
        await AssertRecordsAsync(attacked, changes, storm);
        await AssertOthersAsync(attacked, storm, writes);
        return (storm.Keys.Length, changes.Count(change => change.IsNewOwner));
    }

    /// <summary>Whatever became of a task stays readable, also after another task got its key.</summary>
    private static async Task AssertRecordsAsync(AttackedStore attacked, List<RowChange> changes, StoreStorm storm)
    {
        foreach (var calls in storm.Calls.Values.Where(calls => calls.Won > 0))
        {
            var last = changes.Last(change => change.Before?.TaskId == calls.Task.TaskId || change.After?.TaskId == calls.Task.TaskId);
            var expected = last switch
            {
                { After: null } => "unknown",
                { IsNewOwner: true, Before: { } before } when before.TaskId == calls.Task.TaskId =>
                    before.Error is null ? "conflict" : $"error {before.Error}",
                { After.Error: { } error } => $"error {error}",
                { After.ImageUrl: { } url } => $"image {url}",
                _ => "in flight",
            };
            Assert.Equal(expected, await attacked.RecordOfAsync(calls.Task.TaskId));
        }
    }

    private static async Task AssertOthersAsync(AttackedStore attacked, StoreStorm storm, int writes)
    {
        await using var command = attacked.Database.CreateCommand("""
            select count(*) filter (where task_name = 'generate_snippet_task' and old is not null and new is not null
                                        and old - 'result_payload' = new - 'result_payload'),
                   count(*) filter (where old is not null), count(*) filter (where new is null)
            from audit where task_name <> $1 and replace(key, 'other:', '') = any($2)
            """);
        command.Parameters.Add(new() { Value = AttackedStore.TaskName });
        command.Parameters.Add(new() { Value = storm.Keys });
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((writes, writes, 0), (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
    }
}
