using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Durable.Store;

/// <summary>Erases what ended instances were told and what they told, ahead of the time after which they are purged by themselves.</summary>
internal sealed class InstanceErasure(NpgsqlDataSource database)
{
    private const int BatchSize = 500;

    /// <summary>Erases in batches, each a commit of its own. May be cut off and done again at any time.</summary>
    /// <returns>Of how many instances something was erased.</returns>
    public async Task<int> EraseAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var erased = 0;
        int batch;
        do
        {
            batch = await EraseBatchAsync(before, cancellationToken);
            erased += batch;
        }
        while (batch > 0);

        return erased;
    }

    private async Task<int> EraseBatchAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        // What completed is purged: before an orchestration completes, the app has written down how its task ended. What was ended from
        // outside or failed stays, emptied: the app may not have seen that yet, and would start it anew if it found nothing.
        await using var command = database.CreateCommand("""
            with old as materialized (
                select instance_id, status from iga_runtime.instances
                where ended_at < @before
                    and (status = @completed or input is not null or output is not null or failure is not null)
                order by ended_at limit @batch for update skip locked),
            events as (delete from iga_runtime.history h using old o where h.instance_id = o.instance_id),
            purged as (
                delete from iga_runtime.instances i using old o where i.instance_id = o.instance_id and o.status = @completed),
            emptied as (
                update iga_runtime.instances i set input = null, output = null, failure = null
                from old o where i.instance_id = o.instance_id and o.status <> @completed)
            select count(*)::int from old
            """);
        command.With("before", NpgsqlDbType.TimestampTz, before.UtcDateTime).With("batch", BatchSize)
            .With("completed", NpgsqlDbType.Smallint, (short)OrchestrationRuntimeStatus.Completed);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
