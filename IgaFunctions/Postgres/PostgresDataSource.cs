using Npgsql;

namespace Iga.Postgres;

/// <summary>Makes the one pool of connections that a process has.</summary>
public static class PostgresDataSource
{
    /// <summary>
    /// Every statement looks rows up by keys, so one plan fits all values. A plan that was made while a table was small would
    /// read all of it, and is kept until the table is analyzed.
    /// </summary>
    private const string SessionSettings = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off";

    /// <param name="connectionString">What it says of the pool and of time-outs is kept; the rest gets the service's.</param>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(settings, "Application Name", "iga");
        SetDefault(settings, "Maximum Pool Size", 32);
        SetDefault(settings, "Max Auto Prepare", 64);
        SetDefault(settings, "Auto Prepare Min Usages", 2);

        // Seconds; the wait for a connection of the pool counts too. With a short one a crowd that waits for its connections
        // never gets any: whoever is first in the queue has no time left to open one. HTTP callers have a limit of their own.
        SetDefault(settings, "Timeout", 15);
        SetDefault(settings, "Command Timeout", 10);
        SetDefault(settings, "Cancellation Timeout", 1000);

        // Nobody changes a session's state but below, where it is to stay.
        SetDefault(settings, "No Reset On Close", true);

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(loggers);
        builder.UsePhysicalConnectionInitializer(SetUp, SetUpAsync);
        return builder.Build();
    }

    private static void SetUp(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(SessionSettings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetUpAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(SessionSettings, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string key, object value)
    {
        if (!settings.ShouldSerialize(key))
        {
            settings[key] = value;
        }
    }
}
