using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Idempotency;

/// <content>The claim.</content>
public sealed partial class IdempotencyStore
{
    /// <summary>
    /// Claims the task's key: a free key, one whose task failed, or one whose lock is older than the lock timeout becomes
    /// this task's; any other row stays as it is.
    /// </summary>
    public async Task<Claim> ClaimAsync(ImageTask task, CancellationToken cancellationToken)
    {
        // A row that another claim inserted between this statement's snapshot and its insert is neither taken nor seen;
        // the next try sees it.
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            if (await PostgresRetries.RunAsync(token => TryClaimAsync(task, token), cancellationToken) is { } claim)
            {
                return claim;
            }
        }

        throw new TimeoutException("The idempotency key is contended.");
    }

    private async Task<Claim?> TryClaimAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);

        // `prior` locks the row and so reads its latest version; the insert selects from it, so that it comes first.
        await using var command = dataSource.CreateCommand($"""
            with prior as materialized (
                select task_id, workflow_id, status, request_fingerprint, error_payload,
                       status = @failed
                           or (status <> @completed
                               and coalesce(locked_at, created_at, '-infinity') < now() - @lock_timeout) as is_free
                from idempotency_keys
                where idempotency_key = @stored_key and task_name = @task_name
                for update
            ), claimed as (
                insert into idempotency_keys as k (idempotency_key, task_name, workflow_id, created_at, locked_at, status,
                                                   task_id, request_fingerprint, effective_request)
                select @stored_key, @task_name, @workflow_id, now(), now(), @processing,
                       @task_id, @fingerprint, @effective_request
                from (select 1) as one left join prior on true
                on conflict ({shape.ConflictTarget}) do update
                set workflow_id = excluded.workflow_id, created_at = excluded.created_at, locked_at = excluded.locked_at,
                    status = excluded.status, task_id = excluded.task_id,
                    request_fingerprint = excluded.request_fingerprint, effective_request = excluded.effective_request,
                    result_payload = null, error_payload = null
                where k.task_name = @task_name
                    and (select is_free and coalesce(request_fingerprint, @fingerprint) = @fingerprint from prior)
                returning k.task_id
            ), archived as (
                insert into iga_task_archive (task_id, idempotency_key, workflow_id, result_payload, error_payload)
                select prior.task_id, @callers_key, prior.workflow_id,
                       case when prior.error_payload is null then @conflict end, prior.error_payload
                from prior, claimed
                where prior.task_id is not null
                on conflict (task_id) do nothing
            )
            select exists (select from claimed), prior.task_id, prior.request_fingerprint, prior.status = @processing
            from (select 1) as one left join prior on true
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.Parameters.Add(new() { ParameterName = "lock_timeout", Value = options.LockTimeout });
        command.Parameters.Add(new()
        {
            ParameterName = "workflow_id",
            Value = task.WorkflowId ?? (object)DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Text,
        });
        command.Parameters.Add(new() { ParameterName = "task_id", Value = task.TaskId });
        command.Parameters.Add(new() { ParameterName = "fingerprint", Value = task.Fingerprint });
        command.Parameters.Add(Json("effective_request", IdempotencyJson.Serialize(task.Request)));
        command.Parameters.Add(Json("conflict", IdempotencyJson.Serialize(ConflictResult.For(task.IdempotencyKey))));
        command.Parameters.Add(new() { ParameterName = "callers_key", Value = task.IdempotencyKey });

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetBoolean(0))
        {
            return new Claim.Won(task.TaskId, TookOver: !reader.IsDBNull(3));
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
            return new Claim.Won(task.TaskId, TookOver: true);
        }

        return reader.IsDBNull(2) || reader.GetString(2) != task.Fingerprint
            ? new Claim.Reused(holder)
            : new Claim.Replayed(holder, InFlight: reader.GetBoolean(3));
    }
}
