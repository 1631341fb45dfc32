using Iga.LocalHost.Durable.Engine;
using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Durable.Store;

/// <summary>Who runs which instance. Time is the database's alone.</summary>
internal sealed class LeaseStore(NpgsqlDataSource database)
{
    /// <summary>Tells in one statement, which changes nothing, what there is to do: mostly nothing.</summary>
    /// <param name="names">As <see cref="ClaimAsync"/> takes them.</param>
    /// <returns>
    /// Whether the lease of a worker ran out, or the owner of an instance is gone; and whether instances wait for a worker that knows them.
    /// </returns>
    public async Task<(bool IsOwnerGone, bool IsWorkWaiting)> LookAsync(string[] names, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select
                exists (select from iga_runtime.workers where expires_at < now())
                    or exists (
                        select from iga_runtime.instances i
                        where i.lease_owner is not null
                            and not exists (select from iga_runtime.workers w where w.worker_id = i.lease_owner)),
                exists (
                    select from iga_runtime.instances
                    where lease_owner is null and ended_at is null and lower(name) = any (@names))
            """);
        command.With("names", NpgsqlDbType.Array | NpgsqlDbType.Text, names);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    /// <summary>Leases waiting instances to a worker.</summary>
    /// <param name="names">The orchestrators that the worker knows; others are left to those who do.</param>
    public async Task<IReadOnlyList<InstanceRow>> ClaimAsync(
        Guid worker, string[] names, int batch, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with picked as materialized (
                select instance_id from iga_runtime.instances
                where lease_owner is null and ended_at is null and lower(name) = any (@names)
                    and exists (select from iga_runtime.workers where worker_id = @worker)
                order by start_at limit @batch for update skip locked)
            update iga_runtime.instances i set lease_owner = @worker, status = @running, last_updated_at = now()
            from picked p where i.instance_id = p.instance_id
            returning i.instance_id, i.execution_id, i.name, i.input, i.custom_status, i.created_at, i.seq
            """);
        command.With("worker", worker).With("batch", batch).With("names", NpgsqlDbType.Array | NpgsqlDbType.Text, names)
            .With("running", NpgsqlDbType.Smallint, (short)OrchestrationRuntimeStatus.Running);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<InstanceRow> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new InstanceRow(
                reader.GetString(0), reader.GetGuid(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetDateTime(5), reader.GetInt32(6)));
        }

        return rows;
    }

    /// <summary>Deletes workers whose lease ran out and frees their instances, in one statement.</summary>
    /// <param name="grace">How long after its own start the database gives workers to come back and renew.</param>
    /// <returns>How many instances were freed.</returns>
    public async Task<int> TakeOverAsync(Guid self, TimeSpan grace, CancellationToken cancellationToken)
    {
        // Only a worker whose own lease is good may take others for dead: after an outage that outlasted every lease, none is.
        // "gone" also has owners without a row: they were deleted while they scheduled or claimed. A worker's id is never used
        // twice, so they stay gone. Rows that are locked at the moment are skipped: the next round finds them.
        await using var command = database.CreateCommand("""
            with dead as (
                delete from iga_runtime.workers
                where expires_at < now() and pg_postmaster_start_time() < now() - @grace
                    and exists (select from iga_runtime.workers where worker_id = @self and expires_at >= now())
                returning worker_id),
            gone as materialized (
                select worker_id from dead
                union
                select i.lease_owner from iga_runtime.instances i
                where i.lease_owner is not null
                    and not exists (select from iga_runtime.workers w where w.worker_id = i.lease_owner)),
            picked as materialized (
                select i.instance_id from iga_runtime.instances i
                where i.lease_owner is not null and i.lease_owner in (select worker_id from gone) for update skip locked),
            freed as (
                update iga_runtime.instances i set lease_owner = null
                from picked p where i.instance_id = p.instance_id returning 1)
            select count(*)::int from freed
            """);
        command.With("self", self).With("grace", grace);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Ends a worker: its instances are free for others at once, and nothing that it writes later is accepted.</summary>
    public async Task HandBackAsync(Guid worker, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            with gone as (delete from iga_runtime.workers where worker_id = @worker)
            update iga_runtime.instances set lease_owner = null where lease_owner = @worker
            """);
        command.With("worker", worker);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The executions that are leased to a worker.</summary>
    public async Task<IReadOnlyList<Guid>> ReadLeasedAsync(Guid worker, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select execution_id from iga_runtime.instances where lease_owner = @worker");
        command.With("worker", worker);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<Guid> executions = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            executions.Add(reader.GetGuid(0));
        }

        return executions;
    }

    /// <summary>Frees executions that are leased to a worker which does not know of them.</summary>
    public async Task ReleaseAsync(Guid worker, IReadOnlyCollection<Guid> executions, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            update iga_runtime.instances set lease_owner = null
            where lease_owner = @worker and execution_id = any (@executions)
            """);
        command.With("worker", worker)
            .With("executions", NpgsqlDbType.Array | NpgsqlDbType.Uuid, executions.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
