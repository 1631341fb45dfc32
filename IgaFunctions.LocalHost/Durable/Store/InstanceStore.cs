using Iga.LocalHost.Durable.Engine;
using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Durable.Store;

/// <summary>
/// The instances and their history in PostgreSQL. An orchestration of n activities is written n + 1 times: once to schedule it
/// and once for each result, the last of which also ends it. What is to be written at the same time shares one statement and
/// one commit.
/// </summary>
internal sealed class InstanceStore
{
    private readonly NpgsqlDataSource _database;
    private readonly Batcher<NewInstance, bool> _inserts;
    private readonly Batcher<Step, bool> _steps;

    public InstanceStore(NpgsqlDataSource database)
    {
        _database = database;
        _inserts = new(database, InsertAllAsync, instance => instance.Row.InstanceId, isLatencyBound: true);
        _steps = new(database, WriteAllAsync, step => step.Row.InstanceId);
    }

    /// <summary>Records a new instance.</summary>
    /// <param name="owner">The worker that runs it from the start; null leaves it to whoever claims it.</param>
    /// <returns>False if there is an instance with this id, in whatever state.</returns>
    public Task<bool> InsertAsync(InstanceRow row, Guid? owner, CancellationToken cancellationToken) =>
        _inserts.RunAsync(new NewInstance(row, owner), cancellationToken);

    /// <summary>
    /// Writes a step if its owner still holds the lease and nothing else was written in between. A step whose commit got
    /// lost on the way back may be written again: it is recognised by its number.
    /// </summary>
    /// <returns>False if the lease is lost or the instance has ended: the owner must leave it alone.</returns>
    public Task<bool> WriteAsync(Step step, CancellationToken cancellationToken) => _steps.RunAsync(step, cancellationToken);

    private async Task<IReadOnlyList<bool>> InsertAllAsync(
        NpgsqlConnection connection, IReadOnlyList<NewInstance> instances, CancellationToken cancellationToken)
    {
        // created_at is the clock of the orchestration, which begins on this machine. start_at is the database's: waiting
        // instances are claimed in its order, whatever the clocks of the machines that scheduled them.
        await using var command = new NpgsqlCommand($"""
            with asked as materialized (
                select *
                from {BatchCommand.RowsOf("ids", "executions", "names", "inputs", "created_at", "owners")}
                    as a (instance_id, execution_id, name, input, created_at, owner, n)),
            started as (
                insert into iga_runtime.instances
                    (instance_id, execution_id, name, input, status, created_at, start_at, last_updated_at, lease_owner)
                select a.instance_id, a.execution_id, a.name, a.input, case when a.owner is null then @pending else @running end,
                    a.created_at, now(), now(), a.owner
                from asked a order by a.instance_id
                on conflict (instance_id) do nothing
                returning execution_id)
            select a.n::int from asked a join started using (execution_id)
            """, connection);
        command.WithAll("ids", NpgsqlDbType.Text, instances, i => i.Row.InstanceId)
            .WithAll("executions", NpgsqlDbType.Uuid, instances, i => i.Row.ExecutionId)
            .WithAll("names", NpgsqlDbType.Text, instances, i => i.Row.Name)
            .WithAll("inputs", NpgsqlDbType.Text, instances, i => i.Row.Input)
            .WithAll("created_at", NpgsqlDbType.TimestampTz, instances, i => i.Row.StartedAt)
            .WithAll("owners", NpgsqlDbType.Uuid, instances, i => i.Owner)
            .With("pending", NpgsqlDbType.Smallint, (short)OrchestrationRuntimeStatus.Pending)
            .With("running", NpgsqlDbType.Smallint, (short)OrchestrationRuntimeStatus.Running);
        return await command.ReadFoundAsync(instances.Count, cancellationToken);
    }

    private async Task<IReadOnlyList<bool>> WriteAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Step> batch, CancellationToken cancellationToken)
    {
        // A step with an event counts the instance's number up by one, or finds it counted up already by the same step, whose
        // answer was lost; a step without an event finds its number as it is. "is not distinct from" instead of "=" keeps the
        // planner from the index on lease_owner, in which all instances of a process have one value. What has ended is never run
        // again, and its input, which holds a caller's prompt, goes at once.
        await using var command = new NpgsqlCommand($"""
            with asked as materialized (
                select *
                from {BatchCommand.RowsOf(
                    "ids", "executions", "owners", "seqs", "custom_statuses", "statuses", "are_ends", "outputs", "failures",
                    "task_ids", "kinds", "names", "payloads", "at")}
                    as a (instance_id, execution_id, owner, seq, custom_status, status, is_end, output, failure,
                          task_id, kind, name, payload, at, n)),
            step as (
                update iga_runtime.instances i set
                    seq = a.seq, custom_status = a.custom_status, last_updated_at = now(), status = a.status,
                    output = a.output, failure = a.failure, ended_at = case when a.is_end then now() end,
                    input = case when a.is_end then null else i.input end,
                    lease_owner = case when a.is_end then null else i.lease_owner end
                from asked a
                where i.instance_id = a.instance_id and i.execution_id = a.execution_id
                    and i.lease_owner is not distinct from a.owner and i.ended_at is null
                    and i.seq between a.seq - case when a.kind is null then 0 else 1 end and a.seq
                returning a.*),
            happened as (
                insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, payload, at)
                select instance_id, execution_id, seq, task_id, kind, name, payload, at from step where kind is not null
                on conflict (instance_id, execution_id, seq) do nothing)
            select n::int from step
            """, connection);
        command.WithAll("ids", NpgsqlDbType.Text, batch, s => s.Row.InstanceId)
            .WithAll("executions", NpgsqlDbType.Uuid, batch, s => s.Row.ExecutionId)
            .WithAll("owners", NpgsqlDbType.Uuid, batch, s => s.Owner)
            .WithAll("seqs", NpgsqlDbType.Integer, batch, s => s.Seq)
            .WithAll("custom_statuses", NpgsqlDbType.Text, batch, s => s.CustomStatus)
            .WithAll("statuses", NpgsqlDbType.Smallint, batch, s => (short)(s.Outcome?.Status ?? OrchestrationRuntimeStatus.Running))
            .WithAll("are_ends", NpgsqlDbType.Boolean, batch, s => s.Outcome is not null)
            .WithAll("outputs", NpgsqlDbType.Text, batch, s => s.Outcome?.Output)
            .WithAll("failures", NpgsqlDbType.Text, batch, s => DurableJson.Serialize(s.Outcome?.Failure))
            .WithAll("task_ids", NpgsqlDbType.Integer, batch, s => s.Event?.TaskId)
            .WithAll("kinds", NpgsqlDbType.Text, batch, s => s.Event?.Kind.ToText())
            .WithAll("names", NpgsqlDbType.Text, batch, s => s.Event?.Name)
            .WithAll("payloads", NpgsqlDbType.Text, batch, s => s.Event?.Payload)
            .WithAll("at", NpgsqlDbType.TimestampTz, batch, s => s.Event?.At);
        return await command.ReadFoundAsync(batch.Count, cancellationToken);
    }

    /// <summary>The events of instances, each in its order.</summary>
    public async Task<ILookup<Guid, HistoryEvent>> ReadHistoryAsync(
        IReadOnlyCollection<InstanceRow> rows, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand($"""
            select h.execution_id, h.seq, h.task_id, h.kind, h.name, h.payload, h.at
            from {BatchCommand.RowsOf("ids", "executions")} as r (instance_id, execution_id, n)
            join iga_runtime.history h using (instance_id, execution_id)
            order by h.execution_id, h.seq
            """);
        command.With("ids", NpgsqlDbType.Array | NpgsqlDbType.Text, rows.Select(r => r.InstanceId).ToArray())
            .With("executions", NpgsqlDbType.Array | NpgsqlDbType.Uuid, rows.Select(r => r.ExecutionId).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(Guid Execution, HistoryEvent Event)> events = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add((reader.GetGuid(0), new HistoryEvent(
                reader.GetInt32(1), reader.GetInt32(2), HistoryEventKinds.Parse(reader.GetString(3)), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetDateTime(6))));
        }

        return events.ToLookup(e => e.Execution, e => e.Event);
    }

    private sealed record NewInstance(InstanceRow Row, Guid? Owner);
}
