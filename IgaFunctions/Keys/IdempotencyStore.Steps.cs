using Iga.Images;
using Iga.Postgres;
using Iga.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <content>What every task does on its way; tasks that do it at the same time do it in one statement.</content>
public sealed partial class IdempotencyStore
{
    private readonly Batcher<ImageTask, Look> _looks;
    private readonly Batcher<RowUpdate, bool> _attempts;
    private readonly Batcher<Staging, bool> _stagings;
    private readonly Batcher<RowUpdate, bool> _completions;

    /// <summary>
    /// Looks whether the key is still the task's, and the task not cancelled, and renews a lock that is older than a third of the lock timeout, so
    /// that a slow task is not mistaken for a dead one.
    /// </summary>
    public async Task<Ownership> ConfirmAsync(ImageTask task, CancellationToken cancellationToken)
    {
        var look = await PostgresRetries.RunAsync(_dataSource, token => _looks.RunAsync(task, token), cancellationToken);
        return look.Ownership is not Ownership.Owned || !look.IsAging || await RenewLockAsync(task, cancellationToken)
            ? look.Ownership
            : new Ownership.Lost();
    }

    /// <summary>
    /// Writes down what the task stages, before it stores it. After a crash the task's next run reads from that what to expect in
    /// the staging and in the bucket.
    /// </summary>
    /// <param name="run">How it came to the picture, as far as that is not written down yet.</param>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> RecordStagedAsync(ImageTask task, StagedImage image, CancellationToken cancellationToken, TaskRun? run = null) =>
        RecordAsync(new Staging(task, image, PaidUsd: null, MayBeRecorded: false, run), cancellationToken);

    /// <summary>
    /// The same for a picture that was paid for and is not written down yet: what it costs is added to the spend of its caller, whether
    /// the key is still the task's or not.
    /// </summary>
    /// <param name="mayBeRecorded">Another run of the task may be writing the same picture down: then it adds nothing.</param>
    /// <param name="run">How it came to the picture, as far as that is not written down yet.</param>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> RecordPaidAsync(
        ImageTask task, StagedImage image, decimal usd, bool mayBeRecorded, CancellationToken cancellationToken, TaskRun? run = null) =>
        RecordAsync(new Staging(task, image, usd, mayBeRecorded, run), cancellationToken);

    /// <summary>Writes down calls of the model that failed, and renews the lock.</summary>
    /// <returns>False when the key is no longer the task's.</returns>
    public Task<bool> RecordAttemptsAsync(ImageTask task, TaskRun run, CancellationToken cancellationToken) =>
        UpdateAsync(_attempts, new RowUpdate(task, IdempotencyJson.Serialize(run)), cancellationToken);

    /// <summary>Writes the result and releases the lock; the same again when the task has completed already.</summary>
    /// <param name="generation">Which version of the object in the bucket it is; null where that is not known.</param>
    /// <param name="uploadSeconds">How long the upload took; null where that is not known.</param>
    /// <returns>False when the key is no longer the task's.</returns>
    public async Task<bool> CompleteAsync(
        ImageTask task, ImageResult result, long? generation, CancellationToken cancellationToken, double? uploadSeconds = null)
    {
        var payload = IdempotencyJson.Serialize(new Completion(result, generation, uploadSeconds));
        return TellIfEnded(task, await UpdateAsync(_completions, new RowUpdate(task, payload), cancellationToken));
    }

    public Task<bool> CompleteAsync(ImageTask task, ImageResult result, CancellationToken cancellationToken) =>
        CompleteAsync(task, result, generation: null, cancellationToken);

    private async Task<IReadOnlyList<Look>> LookAllAsync(
        NpgsqlConnection connection, IReadOnlyList<ImageTask> tasks, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            select a.n::int, coalesce(k.task_id = a.task_id and k.status = @processing and k.cancelling_since is null, false),
                   coalesce(k.locked_at < now() - @lock_timeout / 3, true),
                   case when k.status = @completed and coalesce(k.task_id = a.task_id, true) then k.result_payload end,
                   k.staged_image
            from {BatchCommand.RowsOf("stored_keys", "task_ids")} as a (stored_key, task_id, n)
            cross join lateral (
                select task_id, status, locked_at, result_payload, staged_image, cancelling_since from idempotency_keys
                where idempotency_key = a.stored_key and task_name = @task_name
                offset 0 -- keeps the planner from asking for the task's name alone
            ) k
            """, connection);
        AddStatuses(command);
        command.With("task_name", IdempotencyTable.TaskName)
            .With("lock_timeout", _options.LockTimeout);
        command.WithAll("stored_keys", NpgsqlDbType.Text, tasks, task => shape.StoredKey(task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, tasks, task => task.TaskId);

        // A task whose row is gone has lost its key.
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

    private Task<bool> RecordAsync(Staging staging, CancellationToken cancellationToken) => PostgresRetries.RunAsync(
        _dataSource,
        token =>
        {
            var sent = staging;
            staging = staging with { MayBeRecorded = true }; // If it is sent again, because its answer was lost.
            return _stagings.RunAsync(sent, token);
        },
        cancellationToken);

    private async Task<IReadOnlyList<bool>> RecordAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Staging> stagings, CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);

        // `recorded` are the pictures that stood there before. The rows of the spend are locked after those of the keys, and in one
        // order, so that no two statements wait for each other.
        await using var command = new NpgsqlCommand($"""
            with asked as materialized (
                select * from {BatchCommand.RowsOf("stored_keys", "task_ids", "payloads", "callers", "models", "usds", "may_be_recorded", "runs")}
                    as a (stored_key, task_id, payload, caller, model, usd, may_be_recorded, run, n)
            ), recorded as materialized (
                select a.n from asked a
                cross join lateral (
                    select task_id, staged_image from idempotency_keys
                    where idempotency_key = a.stored_key and task_name = @task_name
                    offset 0 -- keeps the planner from asking for the task's name alone
                ) k
                where a.may_be_recorded and k.task_id = a.task_id and k.staged_image - 'origin' = a.payload - 'origin'
            ), changed as (
                update idempotency_keys k set staged_image = a.payload, {TaskRuns.Assignments("a.run")}
                from asked a
                where k.idempotency_key = a.stored_key and k.task_name = @task_name and k.task_id = a.task_id
                    and k.status = @processing and k.cancelling_since is null
                returning a.n
            ), spent as (
                insert into iga_spend as s (day, caller, model, images, usd)
                select (now() at time zone 'utc')::date, a.caller, a.model, count(*), sum(a.usd)
                from asked a
                where a.usd is not null and n not in (select n from recorded)
                group by a.caller, a.model
                order by a.caller, a.model
                on conflict (day, caller, model, session) do update set images = s.images + excluded.images, usd = s.usd + excluded.usd
            )
            select n::int from changed
            """, connection);
        command.With("task_name", IdempotencyTable.TaskName).With("processing", _options.Processing);
        command.WithAll("stored_keys", NpgsqlDbType.Text, stagings, staging => shape.StoredKey(staging.Task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, stagings, staging => staging.Task.TaskId);
        command.WithAll("payloads", NpgsqlDbType.Jsonb, stagings, staging => IdempotencyJson.Serialize(staging.Image));
        command.WithAll("callers", NpgsqlDbType.Text, stagings, staging => staging.Task.Caller ?? "");
        command.WithAll("models", NpgsqlDbType.Text, stagings, staging => staging.Image.Origin?.ModelId ?? staging.Task.Request.ModelId);
        command.WithAll("usds", NpgsqlDbType.Numeric, stagings, staging => staging.PaidUsd);
        command.WithAll("may_be_recorded", NpgsqlDbType.Boolean, stagings, staging => staging.MayBeRecorded);
        command.WithAll("runs", NpgsqlDbType.Jsonb, stagings, staging => staging.Run is { } run ? IdempotencyJson.Serialize(run) : null);
        return await command.ReadFoundAsync(stagings.Count, cancellationToken);
    }

    private Task<bool> UpdateAsync(
        Batcher<RowUpdate, bool> updates, RowUpdate update, CancellationToken cancellationToken) =>
        PostgresRetries.RunAsync(_dataSource, token => updates.RunAsync(update, token), cancellationToken);

    /// <summary>One kind of update, which tasks make in one statement, each with a payload of its own (<c>a.payload</c>).</summary>
    /// <returns>Answers for each whether the row is the task's and meets the condition.</returns>
    private Batcher<RowUpdate, bool> UpdatesOf(string assignments, string condition) => new(
        _dataSource,
        (connection, updates, cancellationToken) =>
            UpdateAllAsync(connection, updates, assignments, condition, cancellationToken),
        update => update.Task.InstanceId);

    private async Task<IReadOnlyList<bool>> UpdateAllAsync(
        NpgsqlConnection connection, IReadOnlyList<RowUpdate> updates, string assignments, string condition,
        CancellationToken cancellationToken)
    {
        var shape = await _table.GetShapeAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand($"""
            update idempotency_keys k set {assignments}
            from {BatchCommand.RowsOf("stored_keys", "task_ids", "payloads")} as a (stored_key, task_id, payload, n)
            where k.idempotency_key = a.stored_key and k.task_name = @task_name and k.task_id = a.task_id and {condition}
            returning a.n::int
            """, connection);
        AddStatuses(command);
        command.With("task_name", IdempotencyTable.TaskName);
        command.WithAll("stored_keys", NpgsqlDbType.Text, updates, update => shape.StoredKey(update.Task.IdempotencyKey));
        command.WithAll("task_ids", NpgsqlDbType.Uuid, updates, update => update.Task.TaskId);
        command.WithAll("payloads", NpgsqlDbType.Jsonb, updates, update => update.Payload);
        return await command.ReadFoundAsync(updates.Count, cancellationToken);
    }

    /// <param name="IsAging">Whether the lock is to be renewed.</param>
    private sealed record Look(Ownership Ownership, bool IsAging);

    /// <param name="PaidUsd">What the picture costs; null where that is written down already.</param>
    private sealed record Staging(ImageTask Task, StagedImage Image, decimal? PaidUsd, bool MayBeRecorded, TaskRun? Run);

    /// <param name="Payload">JSON.</param>
    private sealed record RowUpdate(ImageTask Task, string Payload);
}
