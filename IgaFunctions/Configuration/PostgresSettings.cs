using Iga.Postgres;
using Npgsql;

namespace Iga.Configuration;

/// <summary>Reads how PostgreSQL is reached. No error that it reports shows a password.</summary>
internal static class PostgresSettings
{
    private const string UrlName = "IGA_POSTGRES_DB_URL";

    private const string PoolerName = "IGA_POSTGRES_POOLER";

    public static string ReadConnectionString(Settings settings)
    {
        var connection = settings.Text(UrlName) is { } url ? FromUrl(settings, url) : FromParts(settings);
        switch (settings.Text(PoolerName))
        {
            case null:
                break;
            case "transaction":
                return Pooler.NoPreparing(connection);
            case "session":
                return Pooler.Preparing(connection);
            case var other:
                settings.Error(PoolerName, other, "must be transaction or session, the mode of the pooler before PostgreSQL");
                break;
        }

        return connection;
    }

    private static string FromParts(Settings settings)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = settings.Required("must be the host of PostgreSQL", "POSTGRES_HOST"),
            Port = settings.WholeNumber("POSTGRES_PORT", 1, 65_535) ?? 5432,
            Username = settings.Required("must be the role that the service logs in as", "POSTGRES_USER"),
            Database = settings.Required("must be the database that holds idempotency_keys", "POSTGRES_DB"),
            Password = settings.Text("POSTGRES_PASSWORD"),
        };
        return builder.ConnectionString;
    }

    /// <param name="url">
    /// <c>postgresql://user:password@host:port/database?sslmode=require</c>, with a driver after a plus sign as SQLAlchemy
    /// writes it, or Npgsql's own <c>Host=…;Database=…</c>.
    /// </param>
    private static string FromUrl(Settings settings, string url)
    {
        try
        {
            if (!url.Contains("://", StringComparison.Ordinal))
            {
                return new NpgsqlConnectionStringBuilder(url).ConnectionString;
            }

            var uri = new Uri(url);
            if (uri.Scheme.Split('+')[0] is not ("postgres" or "postgresql") || uri.Host.Length == 0)
            {
                throw new FormatException();
            }

            var user = uri.UserInfo.Split(':', 2);
            var builder = new NpgsqlConnectionStringBuilder
            {
                Host = uri.Host.Trim('[', ']'),
                Port = uri.Port > 0 ? uri.Port : 5432,
                Username = Uri.UnescapeDataString(user[0]),
                Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            };
            if (user.Length > 1)
            {
                builder.Password = Uri.UnescapeDataString(user[1]);
            }

            foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var sides = parameter.Split('=', 2);
                builder[sides[0]] = Uri.UnescapeDataString(sides.ElementAtOrDefault(1) ?? "");
            }

            return builder.ConnectionString;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or UriFormatException)
        {
            settings.Error($"{UrlName} is not an address (its value is not shown): must be "
                + "postgresql://user:password@host:5432/database, with special characters percent-encoded");
            return "";
        }
    }
}
