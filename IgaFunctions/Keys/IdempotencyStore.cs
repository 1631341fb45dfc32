using Iga.Changes;
using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>
/// The idempotency keys of this service in the table that all services share. Every change is one atomic statement, and
/// every change by a task is fenced by its task id.
/// </summary>
/// <remarks>
/// All methods throw <see cref="NpgsqlException"/> or <see cref="TimeoutException"/> when PostgreSQL is out of reach, and
/// <see cref="TableNotReadyException"/> when its tables are not this version's.
/// </remarks>
public sealed partial class IdempotencyStore
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly IdempotencyTable _table;
    private readonly IdempotencyOptions _options;
    private readonly TaskChanges? _changes;

    /// <param name="changes">Is told of the tasks that are accepted and ended here.</param>
    public IdempotencyStore(
        NpgsqlDataSource dataSource, IdempotencyTable table, IdempotencyOptions options, TaskChanges? changes = null)
    {
        (_dataSource, _table, _options, _changes) = (dataSource, table, options, changes);
        _claims = new(dataSource, ClaimAllAsync, asked => asked.Task.IdempotencyKey, isLatencyBound: true);
        _knowns = new(dataSource, FindKnownAsync, isLatencyBound: true);
        _looks = new(dataSource, LookAllAsync, task => task.InstanceId);
        _attempts = UpdatesOf(
            $"locked_at = now(), {TaskRuns.Assignments("a.payload")}", "k.status = @processing and k.cancelling_since is null");
        _stagings = new(dataSource, RecordAllAsync, staging => staging.Task.InstanceId);
        _completions = UpdatesOf(
            """
            status = @completed, locked_at = null, result_payload = a.payload -> 'result', error_payload = null, staged_image = null,
            image_details = coalesce(k.staged_image, k.image_details) || jsonb_strip_nulls(jsonb_build_object('generation', a.payload -> 'generation')),
            ended_at = coalesce(k.ended_at, now()), upload_seconds = (a.payload ->> 'upload_seconds')::double precision
            """,
            "k.status in (@processing, @completed) and k.cancelling_since is null");
    }

    /// <summary>
    /// Gives back the claim of a task that could not be started: its row is deleted. It stays if the lock was renewed since: then
    /// another POST with the key, or the sweeper, is starting the task, and may have promised it to a caller (docs/0009).
    /// </summary>
    public Task ReleaseAsync(ImageTask task, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(_dataSource, token => TryReleaseAsync(task, token), cancellationToken);

    private async Task<bool> TryReleaseAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(cancellationToken);
        await using var command = _dataSource.CreateCommand("""
            delete from idempotency_keys
            where idempotency_key = @stored_key and task_name = @task_name
                and task_id = @task_id and status = @processing and locked_at = created_at
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.With("task_id", task.TaskId);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Makes the task's lock as young as if it had just been taken; the claim can't be given back after that.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> RenewLockAsync(ImageTask task, CancellationToken cancellationToken) =>
        UpdateOwnRowAsync(task, "locked_at = now()", "status = @processing", cancellationToken);

    /// <summary>Writes the error and releases the lock; the same again when the task has failed already.</summary>
    /// <param name="run">What is not written down yet of how it came to that.</param>
    /// <returns>False when the key is no longer the task's.</returns>
    public async Task<bool> FailAsync(ImageTask task, TaskError error, CancellationToken cancellationToken, TaskRun? run = null) =>
        TellIfEnded(task, await UpdateOwnRowAsync(
            task,
            $"""
            status = @failed, locked_at = null, result_payload = null, error_payload = @payload, staged_image = null,
            ended_at = coalesce(ended_at, now()), {TaskRuns.Assignments("@run")}
            """,
            // What was cancelled stays that, whatever the task failed of meanwhile.
            "((status = @processing and cancelling_since is null) or (status = @failed and error_payload ->> 'type' = @payload ->> 'type'))",
            cancellationToken,
            IdempotencyJson.Serialize(error),
            run));

    private bool TellIfEnded(ImageTask task, bool hasEnded)
    {
        if (hasEnded)
        {
            _changes?.Ended(task.TaskId);
        }

        return hasEnded;
    }

    private Task<bool> UpdateOwnRowAsync(
        ImageTask task, string assignments, string condition, CancellationToken cancellationToken, string? payload = null,
        TaskRun? run = null) =>
        PostgresRetries.RunAsync(_dataSource, token => TryUpdateOwnRowAsync(task, assignments, condition, payload, run, token), cancellationToken);

    private async Task<bool> TryUpdateOwnRowAsync(
        ImageTask task, string assignments, string condition, string? payload, TaskRun? run, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(cancellationToken);
        await using var command = _dataSource.CreateCommand($"""
            update idempotency_keys k set {assignments}
            where idempotency_key = @stored_key and task_name = @task_name and task_id = @task_id and {condition}
            """);
        AddStatuses(command);
        AddKey(command, shape, task.IdempotencyKey);
        command.With("task_id", task.TaskId);
        if (payload is not null)
        {
            command.With("payload", NpgsqlDbType.Jsonb, payload)
                .With("run", NpgsqlDbType.Jsonb, run is null ? null : IdempotencyJson.Serialize(run));
        }

        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private void AddStatuses(NpgsqlCommand command)
    {
        command.With("processing", _options.Processing)
            .With("completed", _options.Completed)
            .With("failed", _options.Failed);
    }

    private static void AddKey(NpgsqlCommand command, IdempotencyTable.Shape shape, string idempotencyKey)
    {
        command.With("stored_key", shape.StoredKey(idempotencyKey))
            .With("task_name", IdempotencyTable.TaskName);
    }
}
