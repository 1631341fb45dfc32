using Iga.LocalHost.Durable.Engine;
using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Durable.Store;

/// <summary>What clients ask of instances that they don't run. Each method is one statement.</summary>
internal sealed class InstanceQueries
{
    private readonly NpgsqlDataSource _database;
    private readonly Batcher<Look, OrchestrationMetadata?> _looks;

    public InstanceQueries(NpgsqlDataSource database)
    {
        _database = database;
        _looks = new(database, LookAllAsync, isLatencyBound: true);
    }

    /// <summary>Reads an instance's state. What is to be read at the same time shares one statement.</summary>
    public Task<OrchestrationMetadata?> GetAsync(string instanceId, bool withData, CancellationToken cancellationToken) =>
        _looks.RunAsync(new Look(instanceId, withData), cancellationToken);

    /// <summary>Reads the states of many instances, without what they were told and what they told. Those that are not there are left out.</summary>
    public async Task<IReadOnlyList<OrchestrationMetadata>> FindStatesAsync(
        IReadOnlyList<string> instanceIds, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand($"""
            select i.instance_id, i.name, i.status, i.created_at, i.last_updated_at, i.custom_status
            from {BatchCommand.RowsOf("ids")} as a (instance_id, n)
            join iga_runtime.instances i using (instance_id)
            """);
        command.WithAll("ids", NpgsqlDbType.Text, instanceIds, id => id);
        var found = new List<OrchestrationMetadata>(instanceIds.Count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new OrchestrationMetadata(reader.GetString(1), reader.GetString(0))
            {
                RuntimeStatus = (OrchestrationRuntimeStatus)reader.GetInt16(2),
                CreatedAt = reader.GetDateTime(3),
                LastUpdatedAt = reader.GetDateTime(4),
                SerializedCustomStatus = reader.IsDBNull(5) ? null : reader.GetString(5),
                DataConverter = DurableJson.Converter,
            });
        }

        return found;
    }

    private static async Task<IReadOnlyList<OrchestrationMetadata?>> LookAllAsync(
        NpgsqlConnection connection, IReadOnlyList<Look> asked, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            select a.n::int, i.name, i.status, i.created_at, i.last_updated_at, i.failure,
                case when a.data then i.input end, case when a.data then i.output end, case when a.data then i.custom_status end
            from {BatchCommand.RowsOf("ids", "data")} as a (instance_id, data, n)
            join iga_runtime.instances i using (instance_id)
            """, connection);
        command.WithAll("ids", NpgsqlDbType.Text, asked, look => look.InstanceId)
            .WithAll("data", NpgsqlDbType.Boolean, asked, look => look.WithData);
        var found = new OrchestrationMetadata?[asked.Count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var place = reader.GetInt32(0) - 1;
            found[place] = Read(reader, asked[place]);
        }

        return found;
    }

    private static OrchestrationMetadata Read(NpgsqlDataReader reader, Look look)
    {
        var failure = look.WithData ? DurableJson.Deserialize<TaskFailureDetails>(Text(5)) : null;
        return new OrchestrationMetadata(reader.GetString(1), look.InstanceId)
        {
            RuntimeStatus = (OrchestrationRuntimeStatus)reader.GetInt16(2),
            CreatedAt = reader.GetDateTime(3),
            LastUpdatedAt = reader.GetDateTime(4),
            FailureDetails = failure,
            SerializedInput = Text(6),
            SerializedOutput = Text(7) ?? failure?.ErrorMessage,
            SerializedCustomStatus = Text(8),
            DataConverter = look.WithData ? DurableJson.Converter : null,
        };

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>Ends an instance whoever runs it: the owner's next write is refused, since the instance has ended.</summary>
    /// <returns>The execution that was ended; null if there was none to end.</returns>
    public async Task<Guid?> TerminateAsync(string instanceId, string? output, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("""
            update iga_runtime.instances
            set status = @status, input = null, output = @output, ended_at = now(), last_updated_at = now(), lease_owner = null
            where instance_id = @id and ended_at is null
            returning execution_id
            """);
        command.With("id", instanceId).With("output", output)
            .With("status", NpgsqlDbType.Smallint, (short)OrchestrationRuntimeStatus.Terminated);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <returns>How many were purged: 1, or 0 if there is none or it has not ended.</returns>
    public async Task<int> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("""
            with purged as (
                delete from iga_runtime.instances where instance_id = @id and ended_at is not null returning instance_id),
            events as (delete from iga_runtime.history h using purged p where h.instance_id = p.instance_id)
            select count(*)::int from purged
            """);
        command.With("id", instanceId);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Purges a batch of what ended longer ago than the retention time.</summary>
    /// <returns>How many were purged.</returns>
    public async Task<int> PurgeEndedAsync(TimeSpan retention, int batch, CancellationToken cancellationToken)
    {
        // Locked rows are skipped: somebody else is purging them.
        await using var command = _database.CreateCommand("""
            with old as materialized (
                select instance_id from iga_runtime.instances
                where ended_at < now() - @retention order by ended_at limit @batch for update skip locked),
            events as (delete from iga_runtime.history h using old o where h.instance_id = o.instance_id),
            purged as (delete from iga_runtime.instances i using old o where i.instance_id = o.instance_id returning 1)
            select count(*)::int from purged
            """);
        command.With("retention", retention).With("batch", batch);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record Look(string InstanceId, bool WithData);
}
