using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Runtime;

/// <summary>
/// The instances and their history in PostgreSQL. Each method is one statement. An orchestration of n activities costs n + 1
/// commits: one to schedule it and one for each result, the last of which also ends it. Those that come at the same time share
/// commits.
/// </summary>
internal sealed class InstanceStore(NpgsqlDataSource database)
{
    private readonly SharedCommits commits = new(database);

    /// <summary>
    /// Records a new instance, or starts anew one that has ended. With an owner it is born leased, so nobody has to claim it.
    /// </summary>
    /// <returns>False if an instance with this id has not ended.</returns>
    /// <param name="cancellation">Heeded before the statement is begun: whether one that was is written would be unknown.</param>
    public async Task<bool> InsertAsync(InstanceRow row, DateTime createdAt, Guid? owner, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // The condition is checked on the newest version of the row, under its lock. What may start at once must be
        // claimable at once, also when this machine's clock is ahead of the database's.
        NpgsqlBatchCommand command = new("""
            with started as (
                insert into iga_runtime.instances as i
                    (instance_id, execution_id, name, input, status, created_at, start_at, last_updated_at, lease_owner)
                values (@id, @execution, @name, @input, @status, @created_at,
                    case when @start_at > @created_at then @start_at else least(@start_at, now()) end, now(), @owner)
                on conflict (instance_id) do update set
                    execution_id = excluded.execution_id, name = excluded.name, input = excluded.input, output = null,
                    custom_status = null, failure = null, status = excluded.status, seq = 0,
                    created_at = excluded.created_at, start_at = excluded.start_at,
                    last_updated_at = excluded.last_updated_at, ended_at = null, lease_owner = excluded.lease_owner
                where i.ended_at is not null
                returning instance_id, execution_id),
            cleared as (
                delete from iga_runtime.history h using started s
                where h.instance_id = s.instance_id and h.execution_id <> s.execution_id)
            select count(*) from started
            """);
        var status = owner is null ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running;
        command.With("id", row.InstanceId).With("execution", row.ExecutionId).With("name", row.Name)
            .With("input", row.Input).With("status", NpgsqlDbType.Smallint, (short)status)
            .With("created_at", createdAt).With("start_at", row.StartedAt).With("owner", owner);
        return await commits.ExecuteScalarAsync(command) is 1L;
    }

    /// <summary>
    /// Writes a step if its owner still holds the lease and nothing else was written in between. A step whose commit got
    /// lost on the way back may be written again: it is recognised by its number.
    /// </summary>
    /// <param name="cancellation">Heeded before the statement is begun: whether one that was is written would be unknown.</param>
    /// <returns>False if the lease is lost or the instance has ended: the owner must leave it alone.</returns>
    public async Task<bool> WriteAsync(Step step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        NpgsqlBatchCommand command = new(step.Event is null ? StepSql : StepWithEventSql);
        command.With("id", step.Row.InstanceId).With("execution", step.Row.ExecutionId).With("owner", step.Owner)
            .With("seq", step.Seq).With("custom_status", step.CustomStatus)
            .With("status", NpgsqlDbType.Smallint, (short)(step.Outcome?.Status ?? OrchestrationRuntimeStatus.Running))
            .With("ended", NpgsqlDbType.Boolean, step.Outcome is not null).With("output", step.Outcome?.Output)
            .With("failure", DurableJson.Serialize(step.Outcome?.Failure));
        if (step.Event is { } happened)
        {
            command.With("task_id", happened.TaskId).With("kind", happened.Kind.ToText()).With("name", happened.Name)
                .With("payload", happened.Payload).With("at", happened.At);
        }

        return await commits.ExecuteScalarAsync(command) is 1L;
    }

    private const string StepSql = $"""
        with step as ({UpdateSql} and seq = @seq returning 1)
        select count(*) from step
        """;

    private const string StepWithEventSql = $"""
        with step as ({UpdateSql} and seq between @seq - 1 and @seq returning 1),
        happened as (
            insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, payload, at)
            select @id, @execution, @seq, @task_id, @kind, @name, @payload, @at from step
            on conflict (instance_id, execution_id, seq) do nothing)
        select count(*) from step
        """;

    private const string UpdateSql = """
        update iga_runtime.instances set
            seq = @seq, custom_status = @custom_status, last_updated_at = now(), status = @status,
            output = @output, failure = @failure, ended_at = case when @ended then now() end,
            lease_owner = case when @ended then null else lease_owner end
        where instance_id = @id and execution_id = @execution and lease_owner = @owner and ended_at is null
        """;

    /// <summary>The events of instances, each in its order.</summary>
    public async Task<ILookup<Guid, HistoryEvent>> ReadHistoryAsync(
        IReadOnlyCollection<InstanceRow> rows, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select h.execution_id, h.seq, h.task_id, h.kind, h.name, h.payload, h.at
            from unnest(@ids, @executions) as r (instance_id, execution_id)
            join iga_runtime.history h using (instance_id, execution_id)
            order by h.execution_id, h.seq
            """);
        command.With("ids", NpgsqlDbType.Array | NpgsqlDbType.Text, rows.Select(r => r.InstanceId).ToArray())
            .With("executions", NpgsqlDbType.Array | NpgsqlDbType.Uuid, rows.Select(r => r.ExecutionId).ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<(Guid Execution, HistoryEvent Event)> events = [];
        while (await reader.ReadAsync(cancellation))
        {
            events.Add((reader.GetGuid(0), new HistoryEvent(
                reader.GetInt32(1), reader.GetInt32(2), HistoryEventKinds.Parse(reader.GetString(3)), reader.GetString(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.GetDateTime(6))));
        }

        return events.ToLookup(e => e.Execution, e => e.Event);
    }
}
