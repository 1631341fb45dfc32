using Npgsql;

namespace Iga.Idempotency;

/// <summary>Makes the one pool of connections that a process has.</summary>
public static class PostgresDataSource
{
    /// <param name="connectionString">What it says of the pool and of time-outs is kept; the rest gets the service's.</param>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(settings, "Application Name", "iga");
        SetDefault(settings, "Maximum Pool Size", 32);
        SetDefault(settings, "Max Auto Prepare", 64);
        SetDefault(settings, "Auto Prepare Min Usages", 2);

        // Seconds. A caller of the service is told within 5 s that its database is out of reach.
        SetDefault(settings, "Timeout", 3);
        SetDefault(settings, "Command Timeout", 10);
        SetDefault(settings, "Cancellation Timeout", 1000);

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(loggers);
        return builder.Build();
    }

    private static void SetDefault(NpgsqlConnectionStringBuilder settings, string key, object value)
    {
        if (!settings.ShouldSerialize(key))
        {
            settings[key] = value;
        }
    }
}
