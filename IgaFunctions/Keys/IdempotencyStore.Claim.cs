using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <content>The claim. Keys that are claimed at the same time are claimed in one statement.</content>
public sealed partial class IdempotencyStore
{
    private readonly Batcher<Asked, Claim?> _claims;
    private readonly Batcher<ImageTask, bool> _knowns;

    /// <summary>
    /// Claims the task's key: a free key, one whose task failed, or one whose lock is older than the lock timeout becomes
    /// this task's; any other row stays as it is.
    /// </summary>
    /// <param name="reservation">Where the spend of a day is limited, which it is for all claims of a process or for none.</param>
    public async Task<Claim> ClaimAsync(ImageTask task, CancellationToken cancellationToken, Reservation? reservation = null)
    {
        var asked = new Asked(task, reservation);

        // If another claim inserts the row after our statement took its snapshot and before it inserts, the statement neither
        // sees that row nor takes it. The next try sees it. Likewise where tasks that came at the same time took what was left to spend.
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            if (await PostgresRetries.RunAsync(_dataSource, token => _claims.RunAsync(asked, token), cancellationToken) is { } claim)
            {
                if (claim is Claim.Won)
                {
                    _changes?.Moved();
                }

                return claim;
            }
        }

        throw new TimeoutException("The idempotency key is contended.");
    }

    /// <summary>Whether a claim of the task's key would find a task that has it, or a result, so that nothing new is to be made.</summary>
    public Task<bool> IsKnownAsync(ImageTask task, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(_dataSource, token => _knowns.RunAsync(task, token), cancellationToken);

    private async Task<IReadOnlyList<bool>> FindKnownAsync(
        NpgsqlConnection connection, IReadOnlyList<ImageTask> tasks, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            select a.n::int
            from {BatchCommand.RowsOf("stored_keys", "fingerprints")} as a (stored_key, fingerprint, n)
            cross join lateral (
                select status, locked_at, created_at, request_fingerprint, task_id from idempotency_keys
                where idempotency_key = a.stored_key and task_name = @task_name
                offset 0 -- keeps the planner from asking for the task's name alone
            ) k
            where (k.task_id is not null or k.status = @completed) and not ({ClaimSql.IsOursToTake})
            """, connection);
        command.With("task_name", IdempotencyTable.TaskName)
            .With("completed", _options.Completed)
            .With("failed", _options.Failed)
            .With("lock_timeout", _options.LockTimeout);
        command.WithAll("stored_keys", NpgsqlDbType.Text, tasks, task => shape.StoredKey(task.IdempotencyKey));
        command.WithAll("fingerprints", NpgsqlDbType.Text, tasks, task => task.Fingerprint);
        return await command.ReadFoundAsync(tasks.Count, cancellationToken);
    }

    private async Task<IReadOnlyList<Claim?>> ClaimAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Asked> asked, CancellationToken cancellationToken)
    {
        var tasks = asked.Select(one => one.Task).ToList();
        var limit = asked[0].Reservation;
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand(
            ClaimSql.StatementOf(
                shape.ConflictTarget, isSpendLimited: limit is not null, hasCallbacks: tasks.Any(task => task.Request.CallbackUrl is not null)),
            connection);
        AddStatuses(command);
        command.With("task_name", IdempotencyTable.TaskName)
            .With("lock_timeout", _options.LockTimeout)
            .With("cancelled", NpgsqlDbType.Jsonb, IdempotencyJson.Serialize(CancelledTask.Error));
        command.WithAll("stored_keys", NpgsqlDbType.Text, tasks, task => shape.StoredKey(task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, tasks, task => task.TaskId);
        command.WithAll("workflow_ids", NpgsqlDbType.Text, tasks, task => task.WorkflowId);
        command.WithAll("fingerprints", NpgsqlDbType.Text, tasks, task => task.Fingerprint);
        command.WithAll("effective_requests", NpgsqlDbType.Jsonb, tasks, task => IdempotencyJson.Serialize(task.Request));
        command.WithAll("conflicts", NpgsqlDbType.Jsonb, tasks, task => IdempotencyJson.Serialize(ConflictResult.For(task.IdempotencyKey)));
        command.WithAll("callers_keys", NpgsqlDbType.Text, tasks, task => task.IdempotencyKey);
        command.WithAll("callers", NpgsqlDbType.Text, tasks, task => task.Caller);
        command.WithAll("reserved_usds", NpgsqlDbType.Numeric, asked, one => one.Reservation?.Usd);
        if (limit is not null)
        {
            SpendLimitSql.AddTo(command, limit);
        }

        var claims = new List<Claim?>(tasks.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (limit is not null)
        {
            await reader.NextResultAsync(cancellationToken); // the lock's is the first
        }

        while (await reader.ReadAsync(cancellationToken))
        {
            claims.Add(ReadClaim(reader, tasks[claims.Count]));
        }

        return claims;
    }

    /// <returns>Null if the row appeared, or what was left to spend was taken, while it was claimed.</returns>
    private Claim? ReadClaim(NpgsqlDataReader reader, ImageTask task)
    {
        if (reader.GetBoolean(0))
        {
            return new Claim.Won(task.TaskId, MayHaveObject: !reader.IsDBNull(3) || _options.Retention is not null);
        }

        if (!reader.IsDBNull(4))
        {
            return reader.GetBoolean(4) ? null : new Claim.Unaffordable();
        }

        if (reader.IsDBNull(3))
        {
            return null;
        }

        if (reader.IsDBNull(1))
        {
            return new Claim.HeldElsewhere();
        }

        var holder = reader.GetGuid(1);
        if (holder == task.TaskId)
        {
            // An earlier try of this very claim was committed, but its answer was lost, and with it what was there before.
            return new Claim.Won(task.TaskId, MayHaveObject: true);
        }

        return reader.IsDBNull(2) || reader.GetString(2) != task.Fingerprint
            ? new Claim.Reused(holder)
            : new Claim.Replayed(holder, InFlight: reader.GetBoolean(3));
    }

    /// <param name="Reservation">Null where the spend of a day is not limited.</param>
    private sealed record Asked(ImageTask Task, Reservation? Reservation);
}
