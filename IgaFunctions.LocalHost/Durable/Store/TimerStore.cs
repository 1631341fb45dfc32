using Iga.Postgres;
using Npgsql;

namespace Iga.LocalHost.Durable.Store;

/// <summary>Which occurrences of timers have been run, by whichever process.</summary>
internal sealed class TimerStore(NpgsqlDataSource database)
{
    /// <summary>Takes an occurrence.</summary>
    /// <returns>False if it, or a later one, was taken by another process.</returns>
    public async Task<bool> TryTakeAsync(string name, DateTime occurrence, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            insert into iga_runtime.timers as t (name, last_occurrence) values (@name, @occurrence)
            on conflict (name) do update set last_occurrence = excluded.last_occurrence
            where t.last_occurrence < excluded.last_occurrence
            """);
        command.With("name", name).With("occurrence", occurrence);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
