using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Npgsql;

namespace Iga.LocalHost.Doctor;

/// <summary>Looks at the database: can it be reached, written to, is it of this version, does a pooler stand before it.</summary>
/// <param name="connectionString">Npgsql's form; holds a password, never print it.</param>
/// <param name="cureOf">Says in one message what is wrong and what to do, where it is known.</param>
internal sealed class DatabaseCheckup(string connectionString, Func<Exception, string?> cureOf)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        List<Finding> findings = [];
        try
        {
            await using var database = NpgsqlDataSource.Create(connectionString);
            findings.AddRange(await LookAsync(database, limit.Token));
            findings.Add(await PoolerAsync(limit.Token));
            findings.Add(await MigrationsAsync(database, limit.Token));
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            findings.Add(Finding.Wrong("PostgreSQL", cureOf(exception) ?? $"It did not answer within {Limit.TotalSeconds:0} s."));
        }

        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> LookAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "select current_setting('server_version'), pg_is_in_recovery(), current_setting('transaction_read_only') = 'on', clock_timestamp()", connection);
        var asked = DateTimeOffset.UtcNow;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var answered = DateTimeOffset.UtcNow;
        var name = $"version {reader.GetString(0)}, database {connection.Database}";
        return
        [
            reader.GetBoolean(1) || reader.GetBoolean(2)
                ? Finding.Wrong("PostgreSQL", $"{name} takes no writes: it is a standby or read only. Name the primary in POSTGRES_HOST.")
                : Finding.Well("PostgreSQL", $"{name}, takes writes."),
            ClockCheck.Compare("PostgreSQL", asked, answered, reader.GetFieldValue<DateTimeOffset>(3)),
        ];
    }

    private async Task<Finding> PoolerAsync(CancellationToken cancellationToken)
    {
        return await Pooler.DetectAsync(connectionString, cancellationToken) == connectionString
            ? Finding.Well("pooler", "none, or the connection string provides for it.")
            : Finding.Note("pooler", "A connection pooler stands before PostgreSQL: statements are not prepared, which costs some of the throughput.");
    }

    private static async Task<Finding> MigrationsAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var missing = await MigrationRunner.FindMissingAsync(database, cancellationToken);
        if (missing.Count > 0)
        {
            return Finding.Note("migrations", $"{string.Join(", ", missing)} not applied yet: serve or the verb migrate applies them.");
        }

        try
        {
            await new IdempotencyTable(database).GetShapeAsync(cancellationToken);
            return Finding.Well("migrations", "all applied.");
        }
        catch (TableNotReadyException exception)
        {
            return Finding.Wrong("migrations", exception.Message);
        }
    }
}
