using Iga.Batching;
using Iga.Imaging.Staging;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Idempotency;

/// <content>What every task does on its way; tasks that do it at the same time do it in one statement.</content>
public sealed partial class IdempotencyStore
{
    private readonly Batcher<ImageTask, Look> _looks;
    private readonly Batcher<Staging, bool> _stagings;
    private readonly Batcher<Completion, bool> _completions;

    /// <summary>
    /// Looks whether the key is still the task's, and freshens a lock that is older than a third of the lock timeout, so
    /// that a slow task is not mistaken for a dead one.
    /// </summary>
    public async Task<Ownership> ConfirmAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var look = await PostgresRetries.RunAsync(token => _looks.RunAsync(task, token), cancellationToken);
        return look.Ownership is not Ownership.Owned || !look.IsAging || await FreshenLockAsync(task, cancellationToken)
            ? look.Ownership
            : new Ownership.Lost();
    }

    /// <summary>
    /// Writes what the task stages, before it stores it: a run of it after a crash knows by that what to expect in the staging
    /// and in the bucket.
    /// </summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> RecordStagedAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(token => _stagings.RunAsync(new Staging(task, image), token), cancellationToken);

    /// <summary>Writes the result and releases the lock; the same again when the task has completed already.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> CompleteAsync(ImageTask task, ImageResult result, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(token => _completions.RunAsync(new Completion(task, result), token), cancellationToken);

    private async Task<IReadOnlyList<Look>> LookAllAsync(
        NpgsqlConnection connection, IReadOnlyList<ImageTask> tasks, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            select a.n::int, coalesce(k.task_id = a.task_id and k.status = @processing, false),
                   coalesce(k.locked_at < now() - @lock_timeout / 3, true),
                   case when k.status = @completed and coalesce(k.task_id = a.task_id, true) then k.result_payload end,
                   k.staged_image
            from {BatchCommand.RowsOf("stored_keys", "task_ids")} as a (stored_key, task_id, n)
            cross join lateral (
                select task_id, status, locked_at, result_payload, staged_image from idempotency_keys
                where idempotency_key = a.stored_key and task_name = @task_name
                offset 0 -- keeps the planner from asking for the task's name alone
            ) k
            """, connection);
        AddStatuses(command);
        command.Parameters.Add(new() { ParameterName = "task_name", Value = IdempotencyTable.TaskName });
        command.Parameters.Add(new() { ParameterName = "lock_timeout", Value = _options.LockTimeout });
        command.WithAll("stored_keys", NpgsqlDbType.Text, tasks, task => shape.StoredKey(task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, tasks, task => task.TaskId);

        // Whose row is gone has lost it.
        var looks = new Look[tasks.Count];
        Array.Fill(looks, new Look(new Ownership.Lost(), IsAging: false));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            Ownership ownership =
                !reader.IsDBNull(3) && IdempotencyJson.ReadImageResult(reader.GetString(3)) is { } result
                    ? new Ownership.Completed(result)
                    : !reader.GetBoolean(1) ? new Ownership.Lost()
                    : new Ownership.Owned(reader.IsDBNull(4) ? null : IdempotencyJson.ReadStaged(reader.GetString(4)));
            looks[reader.GetInt32(0) - 1] = new Look(ownership, reader.GetBoolean(2));
        }

        return looks;
    }

    private Task<IReadOnlyList<bool>> RecordAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Staging> stagings, CancellationToken cancellationToken) =>
        UpdateAllAsync(
            connection,
            stagings,
            "staged_image = a.payload",
            "k.status = @processing",
            staging => (staging.Task, IdempotencyJson.Serialize(staging.Image)),
            cancellationToken);

    private Task<IReadOnlyList<bool>> CompleteAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Completion> completions, CancellationToken cancellationToken) =>
        UpdateAllAsync(
            connection,
            completions,
            "status = @completed, locked_at = null, result_payload = a.payload, error_payload = null, staged_image = null",
            "k.status in (@processing, @completed)",
            completion => (completion.Task, IdempotencyJson.Serialize(completion.Result)),
            cancellationToken);

    /// <summary>Writes to the rows of tasks, each with a payload of its own.</summary>
    /// <returns>For each whether the row is the task's and meets the condition.</returns>
    private async Task<IReadOnlyList<bool>> UpdateAllAsync<T>(
        NpgsqlConnection connection, IReadOnlyList<T> items, string assignments, string condition,
        Func<T, (ImageTask Task, string Payload)> read, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            update idempotency_keys k set {assignments}
            from {BatchCommand.RowsOf("stored_keys", "task_ids", "payloads")} as a (stored_key, task_id, payload, n)
            where k.idempotency_key = a.stored_key and k.task_name = @task_name and k.task_id = a.task_id and {condition}
            returning a.n::int
            """, connection);
        (ImageTask Task, string Payload)[] rows = [.. items.Select(read)];
        AddStatuses(command);
        command.Parameters.Add(new() { ParameterName = "task_name", Value = IdempotencyTable.TaskName });
        command.WithAll("stored_keys", NpgsqlDbType.Text, rows, row => shape.StoredKey(row.Task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, rows, row => row.Task.TaskId);
        command.WithAll("payloads", NpgsqlDbType.Jsonb, rows, row => row.Payload);
        return await command.ReadFoundAsync(rows.Length, cancellationToken);
    }

    /// <param name="IsAging">Whether the lock is to be freshened.</param>
    private sealed record Look(Ownership Ownership, bool IsAging);

    private sealed record Staging(ImageTask Task, StagedImage Image);

    private sealed record Completion(ImageTask Task, ImageResult Result);
}
