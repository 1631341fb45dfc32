using System.Globalization;
using Npgsql;

namespace Iga.Configuration;

/// <summary>
/// Says in Npgsql's words what the parameters of a libpq address say
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS). One that has no counterpart is refused, unless
/// to leave it out can't change what the service does, or whom it trusts.
/// </summary>
internal static class PostgresParameters
{
    /// <summary>The longest that Npgsql waits for a connection, in seconds.</summary>
    private const int LongestTimeout = 1024;

    /// <summary>How long Linux waits before the first probe, in seconds: Npgsql wants to be told where the interval is.</summary>
    private const int SystemKeepaliveIdle = 7200;

    // Linux's; beyond it no connection could be opened.
    private const int LongestKeepalive = 32_767;

    /// <exception cref="FormatException">The value is not allowed; the message says what is.</exception>
    public static void Apply(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        switch (name)
        {
            case "user":
                settings.Username = value;
                break;
            case "password":
                settings.Password = value;
                break;
            case "dbname":
                settings.Database = value;
                break;
            case "connect_timeout":
                // libpq waits for ever at 0; here it is as if it were not there.
                if (Number(value) is var seconds and > 0)
                {
                    settings.Timeout = Math.Min(seconds, LongestTimeout);
                }

                break;
            case "application_name":
                settings.ApplicationName = value;
                break;
            case "fallback_application_name":
                settings.ApplicationName ??= value;
                break;
            case "keepalives":
                settings.TcpKeepAlive = Switch(value, on: "1", off: "0");
                break;
            case "keepalives_idle":
                (settings.TcpKeepAlive, settings.TcpKeepAliveTime) = (true, KeepaliveSeconds(value));
                break;
            case "keepalives_interval":
                (settings.TcpKeepAlive, settings.TcpKeepAliveInterval) = (true, KeepaliveSeconds(value));
                settings.TcpKeepAliveTime = settings.TcpKeepAliveTime > 0 ? settings.TcpKeepAliveTime : SystemKeepaliveIdle;
                break;
            case "keepalives_count" or "tcp_user_timeout":
                Number(value);
                break;
            case "client_encoding":
                OneOf(value.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant(), "utf8", "unicode", "auto");
                break;
            case "target_session_attrs":
                settings.TargetSessionAttributes = OneOf(value, "read-write", "primary", "any");
                break;
            case "load_balance_hosts":
                settings.LoadBalanceHosts = Switch(value, on: "random", off: "disable");
                break;
            case "options":
                settings.Options = value;
                break;
            case "passfile":
                settings.Passfile = value;
                break;
            case "pgbouncer":
                // Not libpq's: the convention of Prisma, which hosted databases hand out with the address of their pooler.
                if (Switch(value, on: "true", off: "false"))
                {
                    settings.MaxAutoPrepare = 0;
                }

                break;
            default:
                if (!PostgresSecurity.TryApply(settings, name, value))
                {
                    ApplyKeyword(settings, name, value);
                }

                break;
        }
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static string OneOf(string value, params ReadOnlySpan<string> allowed) =>
        allowed.Contains(value) ? value : throw new FormatException($"must be {string.Join(", ", allowed!)}");

    /// <exception cref="FormatException">It is neither.</exception>
    public static bool Switch(string value, string on, string off) => OneOf(value, on, off) == on;

    private static int Number(string value) => int.TryParse(value, CultureInfo.InvariantCulture, out var number)
        ? number : throw new FormatException("must be a whole number");

    private static int KeepaliveSeconds(string value) => Number(value) is var seconds and >= 0 and <= LongestKeepalive
        ? seconds : throw new FormatException($"must be at most {LongestKeepalive}");

    /// <summary>Npgsql's own keywords are understood as well, such as <c>Maximum Pool Size=50</c>.</summary>
    private static void ApplyKeyword(NpgsqlConnectionStringBuilder settings, string name, string value)
    {
        try
        {
            settings[name] = value;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException(
                settings.ContainsKey(name) ? "is not allowed to have this value" : "is not supported; leave it out", exception);
        }
    }
}
