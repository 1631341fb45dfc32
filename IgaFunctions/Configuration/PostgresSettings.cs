using Iga.Postgres;
using Npgsql;

namespace Iga.Configuration;

/// <summary>Reads how PostgreSQL is reached. No error that it reports shows a password.</summary>
internal static class PostgresSettings
{
    internal const string UrlName = "IGA_POSTGRES_DB_URL";

    private const string PoolerName = "IGA_POSTGRES_POOLER";

    /// <returns>Npgsql's connection string.</returns>
    public static string ReadConnectionString(Settings settings)
    {
        var (connection, address) = settings.Text(UrlName) is { } url ? FromUrl(settings, url) : (FromParts(settings), null);
        PostgresTlsSettings.Apply(settings, connection, address);

        // Of several hosts the one is wanted that takes writes; for one alone Npgsql refuses to be told so.
        var isSeveral = connection.Host?.Contains(',') == true;
        connection.TargetSessionAttributes = !isSeveral ? null : connection.TargetSessionAttributes switch
        {
            null or "any" => "read-write",
            var asked => asked,
        };

        switch (settings.Text(PoolerName))
        {
            case null:
                return connection.ConnectionString;
            case "transaction":
                return Pooler.NoPreparing(connection.ConnectionString);
            case "session":
                return Pooler.Preparing(connection.ConnectionString);
            case var other:
                settings.Error(PoolerName, other, "must be transaction or session, the mode of the pooler before PostgreSQL");
                return connection.ConnectionString;
        }
    }

    private static NpgsqlConnectionStringBuilder FromParts(Settings settings) => new()
    {
        Host = settings.Required("must be the host of PostgreSQL", "POSTGRES_HOST"),
        Port = settings.WholeNumber("POSTGRES_PORT", 1, 65_535) ?? 5432,
        Username = settings.Required("must be the role that the service logs in as", "POSTGRES_USER"),
        Database = settings.Required("must be the database that holds idempotency_keys", "POSTGRES_DB"),
        Password = settings.Text("POSTGRES_PASSWORD"),
    };

    /// <param name="url">
    /// <c>postgresql://user:password@host:port/database?sslmode=require</c>, or Npgsql's own <c>Host=…;Database=…</c>.
    /// </param>
    private static (NpgsqlConnectionStringBuilder, PostgresAddress?) FromUrl(Settings settings, string url)
    {
        try
        {
            return url.Contains("://", StringComparison.Ordinal)
                ? FromAddress(settings, PostgresAddress.Parse(url))
                : (new NpgsqlConnectionStringBuilder(url), null);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            settings.Error($"{UrlName} is not an address (its value is not shown): must be "
                + "postgresql://user:password@host:5432/database, with special characters percent-encoded");
            return (new NpgsqlConnectionStringBuilder(), null);
        }
    }

    private static (NpgsqlConnectionStringBuilder, PostgresAddress?) FromAddress(Settings settings, PostgresAddress address)
    {
        var connection = new NpgsqlConnectionStringBuilder
        {
            Username = address.User,
            Password = address.Password,
            Database = address.Database,
        };
        foreach (var (name, value) in address.Parameters.Where(parameter => parameter.Name is not ("host" or "port")))
        {
            try
            {
                PostgresParameters.Apply(connection, name, value);
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException)
            {
                settings.Error($"{UrlName}: the parameter {name} "
                    + (exception is FormatException ? exception.Message : "is not allowed to have this value"));
            }
        }

        SetHosts(connection, address);
        return (connection, address);
    }

    /// <summary>The hosts and ports of the address, or of its parameters where those name any.</summary>
    /// <exception cref="FormatException">There is none, or there are not as many ports as hosts.</exception>
    private static void SetHosts(NpgsqlConnectionStringBuilder connection, PostgresAddress address)
    {
        var names = ListOf("host") ?? [.. address.Hosts.Select(host => host.Name)];
        int?[] ports = [.. ListOf("port")?.Select(port => (int?)PostgresAddress.ReadPort(port)) ?? address.Hosts.Select(host => host.Port)];
        if (names.Length == 0 || (ports.Length > 1 && ports.Length != names.Length))
        {
            throw new FormatException();
        }

        var hosts = names.Select((name, place) => (name, Port: ports.ElementAtOrDefault(ports.Length == 1 ? 0 : place) ?? 5432)).ToArray();
        if (hosts is [var (host, port)])
        {
            (connection.Host, connection.Port) = (host, port);
            return;
        }

        connection.Host = string.Join(',', hosts.Select(one => $"{(one.name.Contains(':') ? $"[{one.name}]" : one.name)}:{one.Port}"));

        string[]? ListOf(string name) =>
            address.Parameters.LastOrDefault(parameter => parameter.Name == name).Value is { Length: > 0 } list ? list.Split(',') : null;
    }
}
