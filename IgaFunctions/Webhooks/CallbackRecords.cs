using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Webhooks;

/// <summary>
/// The table of webhooks (<c>iga_callbacks</c>), a queue: whoever takes one on has it for a while, and if nothing comes of that, the next one
/// takes it.
/// </summary>
/// <remarks>Methods throw <see cref="NpgsqlException"/> when PostgreSQL is out of reach.</remarks>
public sealed class CallbackRecords(NpgsqlDataSource dataSource)
{
    private const int Batch = 200;

    /// <summary>How long a run may be silent, beyond the wait that it announced. A POST and what comes before it take up to 20 s.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(45);

    /// <summary>Takes the webhook of a task that has just ended on. Written anew where the task never had a row, since it did not get its key.</summary>
    /// <returns>Null where somebody was faster.</returns>
    public async Task<WebhookRun?> TakeFirstAsync(Guid taskId, string url, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            insert into iga_callbacks as c (task_id, url, ended_at, runs, next_at) values (@task_id, @url, now(), 1, now() + @lease)
            on conflict (task_id) do update set ended_at = now(), runs = c.runs + 1, next_at = excluded.next_at
            where c.state = @pending and c.ended_at is null
            returning runs
            """);
        command.With("task_id", taskId).With("url", url).With("lease", Lease).With("pending", CallbackState.Pending);
        return await command.ExecuteScalarAsync(cancellationToken) is int run ? new WebhookRun(taskId, run) : null;
    }

    /// <summary>Takes on whatever is due. Two processes that ask at the same time get different ones.</summary>
    public async Task<IReadOnlyList<DueCallback>> TakeDueAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            with due as materialized (
                select task_id from iga_callbacks
                where state = @pending and next_at <= now()
                order by next_at limit @batch for update skip locked
            ), found as materialized (
                select d.task_id,
                       k.task_id is not null or a.task_id is not null as is_known,
                       a.task_id is not null or k.result_payload is not null or k.error_payload is not null as has_ended
                from due d
                left join lateral (
                    select task_id, result_payload, error_payload from idempotency_keys where task_id = d.task_id
                    offset 0 -- keeps the planner from reading all of the table, however few rows it had when the plan was made
                ) k on true
                left join lateral (select task_id from iga_task_archive where task_id = d.task_id offset 0) a on true
            )
            update iga_callbacks c
            set runs = c.runs + 1, next_at = now() + @lease, ended_at = coalesce(c.ended_at, case when f.has_ended then now() end)
            from found f where c.task_id = f.task_id
            returning c.task_id, c.runs, f.has_ended, f.is_known
            """);
        command.With("pending", CallbackState.Pending).With("batch", Batch).With("lease", Lease);
        List<DueCallback> due = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new(new WebhookRun(reader.GetGuid(0), reader.GetInt32(1)), reader.GetBoolean(2), reader.GetBoolean(3)));
        }

        return due;
    }

    /// <returns>Null where the task has none.</returns>
    public Task<CallbackRecord?> FindAsync(Guid taskId, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryFindAsync(taskId, token), cancellationToken);

    private async Task<CallbackRecord?> TryFindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            select url, state, runs, ended_at, attempts, last_at, last_error from iga_callbacks where task_id = @task_id
            """);
        command.With("task_id", taskId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new CallbackRecord(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.TimeOrNull(3), reader.GetInt32(4), reader.TimeOrNull(5),
                reader.TextOrNull(6))
            : null;
    }

    /// <summary>Writes down what came of an attempt.</summary>
    /// <param name="after">The record with the new state, attempts and error.</param>
    /// <param name="wait">Until somebody has to look after it again.</param>
    public Task NoteAsync(WebhookRun run, CallbackRecord after, TimeSpan wait, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(dataSource, token => TryNoteAsync(run, after, wait, token), cancellationToken);

    private async Task<int> TryNoteAsync(WebhookRun run, CallbackRecord after, TimeSpan wait, CancellationToken cancellationToken)
    {
        // What has arrived has arrived, also when a later run has begun meanwhile.
        await using var command = dataSource.CreateCommand("""
            update iga_callbacks
            set state = @state, attempts = @attempts, last_at = @last_at, last_error = @last_error, next_at = now() + @wait
            where task_id = @task_id and state = @pending and (runs = @run or @state = @delivered)
            """);
        command.With("task_id", run.TaskId).With("run", run.Number).With("wait", wait)
            .With("state", after.State).With("attempts", after.Attempts).With("last_error", after.LastError)
            .With("last_at", after.LastAt?.UtcDateTime)
            .With("pending", CallbackState.Pending).With("delivered", CallbackState.Delivered);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets webhooks of tasks that there are none of.</summary>
    public async Task DeleteAsync(IReadOnlyList<Guid> taskIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("delete from iga_callbacks where task_id = any(@task_ids)");
        command.WithAll("task_ids", NpgsqlDbType.Uuid, taskIds, id => id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
