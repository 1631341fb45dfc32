using Npgsql;

namespace Iga.Postgres;

/// <summary>Makes the one pool of connections that a process has.</summary>
public static class PostgresDataSource
{
    /// <summary>The pool's name in measurements and traces.</summary>
    public const string Name = "iga";

    private const int UsualPoolSize = 32;

    /// <returns>How many connections the pool may have.</returns>
    public static int PoolSizeOf(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(settings, "Maximum Pool Size", UsualPoolSize);
        return settings.MaxPoolSize;
    }

    /// <param name="connectionString">
    /// What it says of the pool and of time-outs is kept; the rest gets the service's. Where it says that no
    /// statement is to be prepared (<see cref="Pooler"/>), each is planned anew, and no session is set up.
    /// </param>
    public static NpgsqlDataSource Create(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        SetDefault(settings, "Application Name", "iga");
        SetDefault(settings, "Maximum Pool Size", UsualPoolSize);
        SetDefault(settings, Pooler.Prepared, Pooler.MostPrepared);
        SetDefault(settings, "Auto Prepare Min Usages", 2);

        // Seconds; the wait for a connection of the pool counts too. With a short one a crowd that waits for its connections
        // never gets any: whoever is first in the queue has no time left to open one. HTTP callers have a limit of their own.
        SetDefault(settings, "Timeout", 15);
        SetDefault(settings, "Command Timeout", 10);
        SetDefault(settings, "Cancellation Timeout", 1000);

        // Of several hosts: for how long what was seen of one, such as that it takes writes, is taken to be still so, in seconds.
        SetDefault(settings, "Host Recheck Seconds", 2);

        // Nobody changes a session's state but SessionSetup, where it is to stay.
        SetDefault(settings, "No Reset On Close", true);

        if (ServerTrust.IsMissing(settings))
        {
            loggers?.CreateLogger(typeof(PostgresDataSource).FullName!).LogWarning(
                "PostgreSQL is on another machine, and whoever answers in its place is told the password and the prompts: set "
                + "POSTGRES_SSLMODE to verify-full, and POSTGRES_SSLROOTCERT where its authority is not one that this machine trusts");
        }

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.Name = Name;
        builder.UseLoggerFactory(loggers);
        if (settings.MaxAutoPrepare > 0)
        {
            var setup = new SessionSetup(loggers?.CreateLogger<SessionSetup>());
            builder.UsePhysicalConnectionInitializer(setup.Run, setup.RunAsync);
        }

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
