using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <content>The claim. Keys that are claimed at the same time are claimed in one statement.</content>
public sealed partial class IdempotencyStore
{
    /// <summary>Whether a row <c>k</c> is free for a request <c>a</c>: its task failed, or its lock is older than the lock timeout.</summary>
    private const string IsOursToTake = """
        (k.status = @failed
            or (k.status <> @completed and coalesce(k.locked_at, k.created_at, '-infinity') < now() - @lock_timeout))
            and coalesce(k.request_fingerprint, a.fingerprint) = a.fingerprint
        """;

    private readonly Batcher<ImageTask, Claim?> _claims;
    private readonly Batcher<ImageTask, bool> _knowns;

    /// <summary>
    /// Claims the task's key: a free key, one whose task failed, or one whose lock is older than the lock timeout becomes
    /// this task's; any other row stays as it is.
    /// </summary>
    public async Task<Claim> ClaimAsync(ImageTask task, CancellationToken cancellationToken)
    {
        // If another claim inserts the row after our statement took its snapshot and before it inserts, the statement neither
        // sees that row nor takes it. The next try sees it.
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            if (await PostgresRetries.RunAsync(_dataSource, token => _claims.RunAsync(task, token), cancellationToken) is { } claim)
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
            where (k.task_id is not null or k.status = @completed) and not ({IsOursToTake})
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
        NpgsqlConnection connection, IReadOnlyList<ImageTask> tasks, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);

        // `prior` locks the rows and so reads their latest versions; the insert selects from it, so that it comes first.
        // Everybody locks and inserts in the order of the keys, so that no two batches wait for each other. The lateral
        // subquery, since it locks, is asked for each key by itself, and so always by the index.
        await using var command = new NpgsqlCommand($"""
            with asked as materialized (
                select *
                from unnest(@stored_keys, @task_ids, @workflow_ids, @fingerprints, @effective_requests, @conflicts, @callers_keys, @callers)
                    with ordinality as a (stored_key, task_id, workflow_id, fingerprint, effective_request, conflict, callers_key, caller, n)
            ), prior as materialized (
                select a.n, held.*
                from (select * from asked order by stored_key) a
                cross join lateral (
                    select k.task_id, k.workflow_id, k.caller, k.status, k.request_fingerprint, k.error_payload, k.created_at, k.ended_at,
                           k.effective_request,
                           {IsOursToTake} as is_ours_to_take
                    from idempotency_keys k
                    where k.idempotency_key = a.stored_key and k.task_name = @task_name
                    for update
                ) held
            ), claimed as (
                insert into idempotency_keys as k (idempotency_key, task_name, workflow_id, created_at, locked_at, status,
                                                   task_id, request_fingerprint, effective_request, caller)
                select a.stored_key, @task_name, a.workflow_id, now(), now(), @processing,
                       a.task_id, a.fingerprint, a.effective_request, a.caller
                from asked a left join prior p using (n)
                where p.n is null or p.is_ours_to_take
                order by a.stored_key
                on conflict ({shape.ConflictTarget}) do update
                set workflow_id = excluded.workflow_id, created_at = excluded.created_at, locked_at = excluded.locked_at,
                    status = excluded.status, task_id = excluded.task_id,
                    request_fingerprint = excluded.request_fingerprint, effective_request = excluded.effective_request,
                    caller = excluded.caller,
                    result_payload = null, error_payload = null, staged_image = null, ended_at = null
                where k.task_name = @task_name
                    and exists (select from asked a join prior p using (n) where a.task_id = excluded.task_id)
                returning k.task_id
            ), archived as (
                insert into iga_task_archive (task_id, idempotency_key, workflow_id, caller, created_at, ended_at, effective_request,
                                              result_payload, error_payload)
                select p.task_id, a.callers_key, p.workflow_id, p.caller, p.created_at, coalesce(p.ended_at, now()), p.effective_request,
                       case when p.error_payload is null then a.conflict end, p.error_payload
                from claimed join asked a using (task_id) join prior p using (n)
                where p.task_id is not null
                order by p.task_id
                on conflict (task_id) do nothing
            )
            select claimed.task_id is not null, p.task_id, p.request_fingerprint, p.status = @processing
            from asked a left join prior p using (n) left join claimed on claimed.task_id = a.task_id
            order by a.n
            """, connection);
        AddStatuses(command);
        command.With("task_name", IdempotencyTable.TaskName)
            .With("lock_timeout", _options.LockTimeout);
        command.WithAll("stored_keys", NpgsqlDbType.Text, tasks, task => shape.StoredKey(task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, tasks, task => task.TaskId);
        command.WithAll("workflow_ids", NpgsqlDbType.Text, tasks, task => task.WorkflowId);
        command.WithAll("fingerprints", NpgsqlDbType.Text, tasks, task => task.Fingerprint);
        command.WithAll("effective_requests", NpgsqlDbType.Jsonb, tasks, task => IdempotencyJson.Serialize(task.Request));
        command.WithAll("conflicts", NpgsqlDbType.Jsonb, tasks, task => IdempotencyJson.Serialize(ConflictResult.For(task.IdempotencyKey)));
        command.WithAll("callers_keys", NpgsqlDbType.Text, tasks, task => task.IdempotencyKey);
        command.WithAll("callers", NpgsqlDbType.Text, tasks, task => task.Caller);

        var claims = new List<Claim?>(tasks.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            claims.Add(ReadClaim(reader, tasks[claims.Count]));
        }

        return claims;
    }

    /// <returns>Null if the row appeared while it was claimed.</returns>
    private Claim? ReadClaim(NpgsqlDataReader reader, ImageTask task)
    {
        if (reader.GetBoolean(0))
        {
            return new Claim.Won(task.TaskId, MayHaveObject: !reader.IsDBNull(3) || _options.Retention is not null);
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
}
