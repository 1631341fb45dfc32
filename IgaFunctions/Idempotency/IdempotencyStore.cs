using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Idempotency;

/// <summary>
/// The idempotency keys of this service in the table that all services share. Every change is one atomic statement, and
/// every change by a task is fenced by its task id.
/// </summary>
/// <remarks>
/// All methods throw <see cref="NpgsqlException"/> or <see cref="TimeoutException"/> when PostgreSQL is out of reach.
/// </remarks>
public sealed partial class IdempotencyStore(NpgsqlDataSource dataSource, IdempotencyTable table, IdempotencyOptions options)
{
    /// <summary>Gives a claim back whose task could not be started; nothing of it remains.</summary>
    public Task ReleaseAsync(ImageTask task, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(token => TryReleaseAsync(task, token), cancellationToken);

    private async Task<bool> TryReleaseAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand("""
            delete from idempotency_keys
            where idempotency_key = @stored_key and task_name = @task_name
                and task_id = @task_id and status = @processing
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.Parameters.Add(new() { ParameterName = "task_id", Value = task.TaskId });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>
    /// Looks whether the key is still the task's, and freshens a lock that is older than a third of the lock timeout, so
    /// that a slow task is not mistaken for a dead one.
    /// </summary>
    public Task<Ownership> ConfirmAsync(ImageTask task, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(token => TryConfirmAsync(task, token), cancellationToken);

    private async Task<Ownership> TryConfirmAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand("""
            select task_id = @task_id and status = @processing,
                   locked_at < now() - @lock_timeout / 3,
                   case when status = @completed and coalesce(task_id = @task_id, true) then result_payload end
            from idempotency_keys
            where idempotency_key = @stored_key and task_name = @task_name
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.Parameters.Add(new() { ParameterName = "task_id", Value = task.TaskId });
        command.Parameters.Add(new() { ParameterName = "lock_timeout", Value = options.LockTimeout });

        bool isAging;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
            {
                return new Ownership.Lost();
            }

            if (!reader.IsDBNull(2) && IdempotencyJson.ReadImageResult(reader.GetString(2)) is { } result)
            {
                return new Ownership.Completed(result);
            }

            if (reader.IsDBNull(0) || !reader.GetBoolean(0))
            {
                return new Ownership.Lost();
            }

            isAging = reader.IsDBNull(1) || reader.GetBoolean(1);
        }

        return !isAging || await FreshenLockAsync(task, cancellationToken) ? new Ownership.Owned() : new Ownership.Lost();
    }

    /// <summary>Makes the task's lock as young as if it had just been taken.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> FreshenLockAsync(ImageTask task, CancellationToken cancellationToken) =>
        UpdateOwnRowAsync(task, "locked_at = now()", "status = @processing", cancellationToken);

    /// <summary>Writes the result and releases the lock; the same again when the task has completed already.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> CompleteAsync(ImageTask task, ImageResult result, CancellationToken cancellationToken) =>
        UpdateOwnRowAsync(
            task,
            "status = @completed, locked_at = null, result_payload = @payload, error_payload = null",
            "status in (@processing, @completed)",
            cancellationToken,
            IdempotencyJson.Serialize(result));

    /// <summary>Writes the error and releases the lock; the same again when the task has failed already.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> FailAsync(ImageTask task, TaskError error, CancellationToken cancellationToken) =>
        UpdateOwnRowAsync(
            task,
            "status = @failed, locked_at = null, result_payload = null, error_payload = @payload",
            "status in (@processing, @failed)",
            cancellationToken,
            IdempotencyJson.Serialize(error));

    private Task<bool> UpdateOwnRowAsync(
        ImageTask task, string assignments, string condition, CancellationToken cancellationToken, string? payload = null) =>
        PostgresRetries.RunAsync(token => TryUpdateOwnRowAsync(task, assignments, condition, payload, token), cancellationToken);

    private async Task<bool> TryUpdateOwnRowAsync(
        ImageTask task, string assignments, string condition, string? payload, CancellationToken cancellationToken)
    {
        var shape = await table.GetShapeAsync(cancellationToken);
        await using var command = dataSource.CreateCommand($"""
            update idempotency_keys set {assignments}
            where idempotency_key = @stored_key and task_name = @task_name and task_id = @task_id and {condition}
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.Parameters.Add(new() { ParameterName = "task_id", Value = task.TaskId });
        if (payload is not null)
        {
            command.Parameters.Add(Json("payload", payload));
        }

        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private void AddStatuses(NpgsqlCommand command)
    {
        command.Parameters.Add(new() { ParameterName = "processing", Value = options.Processing });
        command.Parameters.Add(new() { ParameterName = "completed", Value = options.Completed });
        command.Parameters.Add(new() { ParameterName = "failed", Value = options.Failed });
    }

    private static void AddKey(NpgsqlCommand command, IdempotencyTable.Shape shape, string idempotencyKey)
    {
        command.Parameters.Add(new() { ParameterName = "stored_key", Value = shape.StoredKey(idempotencyKey) });
        command.Parameters.Add(new() { ParameterName = "task_name", Value = IdempotencyTable.TaskName });
    }

    private static NpgsqlParameter Json(string name, string json) =>
        new() { ParameterName = name, Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };
}
