using System.Net.Sockets;
using Iga.Configuration;
using Iga.Embedded;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Migrations;
using Npgsql;

namespace Iga.LocalHost.Host;

/// <summary>Turns what kept the service from starting into one message that says what to do.</summary>
internal static class StartFailure
{
    /// <returns>The message, or null for a fault that nobody foresaw, which is shown with its stack trace.</returns>
    public static string? Describe(Exception exception) => exception switch
    {
        ConfigurationException or EmbeddedServiceException or MigrationException or InvalidFunctionException or PortTakenException =>
            exception.Message,
        PostgresException refused => $"PostgreSQL refused the service: {refused.MessageText} ({refused.SqlState}). "
            + "Check POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, or IGA_POSTGRES_DB_URL.",
        NpgsqlException or TimeoutException => $"PostgreSQL can't be reached: {Innermost(exception).Message}. "
            + "Start it, or check POSTGRES_HOST and POSTGRES_PORT (or IGA_POSTGRES_DB_URL); "
            + "with none of them set the service brings its own.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "The port may not be listened on by this user: set IGA_PORT to one above 1023.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            "IGA_HOST is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all of the machine's.",
        UnauthorizedAccessException => $"{exception.Message} Give this user the right to write there, "
            + "or set IGA_LOCAL_DIR (and IGA_STAGING_DIR) to a directory where it may.",
        FormatException when exception.Message.StartsWith("host.json", StringComparison.Ordinal) => exception.Message,
        _ => null,
    };

    private static Exception Innermost(Exception exception) =>
        exception.InnerException is { } inner ? Innermost(inner) : exception;
}
