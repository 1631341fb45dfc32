using Iga.Bench.Sites;
using Npgsql;

namespace Iga.Tests.Crashes;

/// <summary>
/// Holds tasks between two steps: a trigger in the database keeps the commit of a step back for as long as this holds an
/// advisory lock. A key named <c>hold-{step}-late</c> or <c>hold-{step}-never</c> says which step, and what becomes of the
/// commit once the process that asked for it is dead.
/// </summary>
internal sealed class StepHolds : IAsyncDisposable
{
    /// <summary>The commits of a task in their order.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        "claim", "schedule", "staged", "result", "make_image",
    ];

    private const int Late = 71;
    private const int Never = 72;

    private readonly NpgsqlConnection _holder;

    private StepHolds(NpgsqlConnection holder) => _holder = holder;

    public static string KeyOf(string step, bool isLate) => $"hold-{step}-{(isLate ? "late" : "never")}";

    public static async Task<StepHolds> StartAsync(Site site)
    {
        var holder = await site.Database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            $$"""
            create function hold_step() returns trigger language plpgsql as $$
            declare
                step text := case tg_argv[0] when 'history' then to_jsonb(new) ->> 'name' else tg_argv[0] end;
                owner text := case tg_argv[0]
                    when 'history' then (select idempotency_key from idempotency_keys where task_id::text = to_jsonb(new) ->> 'instance_id')
                    else to_jsonb(new)::text end;
            begin
                if owner like '%hold-' || step || '-late%' then perform pg_advisory_xact_lock_shared({{Late}}); end if;
                if owner like '%hold-' || step || '-never%' then perform pg_advisory_xact_lock_shared({{Never}}); end if;
                return null;
            end $$;
            create trigger hold after insert on idempotency_keys for each row execute function hold_step('claim');
            create trigger hold_staged after update on idempotency_keys for each row
                when (new.staged_image is not null) execute function hold_step('staged');
            create trigger hold_result after update on idempotency_keys for each row
                when (new.status = 'completed') execute function hold_step('result');
            create trigger hold after insert on iga_runtime.instances for each row execute function hold_step('schedule');
            create trigger hold after insert on iga_runtime.history for each row execute function hold_step('history');
            select pg_advisory_lock({{Late}}), pg_advisory_lock({{Never}});
            """, holder);
        await command.ExecuteNonQueryAsync();
        return new StepHolds(holder);
    }

    /// <returns>How many commits are held back.</returns>
    public async Task<long> CountAsync()
    {
        await using var command = new NpgsqlCommand(
            $"select count(*) from pg_locks where locktype = 'advisory' and not granted and objid in ({Late}, {Never})", _holder);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Lets the late commits happen, undoes the others, and holds nothing from now on.</summary>
    public async Task ReleaseAsync()
    {
        await using var command = new NpgsqlCommand(
            $"""
            select pg_terminate_backend(pid, 5000)
            from pg_locks where locktype = 'advisory' and not granted and objid = {Never};
            select pg_advisory_unlock_all();
            """, _holder);
        await command.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _holder.DisposeAsync();
}
