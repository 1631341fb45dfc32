using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Iga.Embedded;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>PgBouncer in transaction mode: few sessions of the server, which its clients use in turn.</summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>So few that every client soon meets the sessions of every other.</summary>
    private const int Sessions = 2;

    private readonly Process _process;
    private readonly string _directory;

    private PgBouncer(Process process, string directory, string connectionString) =>
        (_process, _directory, ConnectionString) = (process, directory, connectionString);

    /// <summary>Leads to the database that it was started for, past itself.</summary>
    public string ConnectionString { get; }

    /// <summary>Skips the test that asks where it is not installed.</summary>
    public static void SkipWithout() => Prerequisite.Require(
        ChildProcess.Find("pgbouncer") is not null, "no PgBouncer: apt-get install pgbouncer");

    /// <param name="database">The connection string of a database.</param>
    public static async Task<PgBouncer> StartAsync(string database)
    {
        var server = new NpgsqlConnectionStringBuilder(database);
        var port = Loopback.FreePort();
        var account = await ServerAccount.ForAsync(null, CancellationToken.None);
        var directory = Path.Combine(Path.GetTempPath(), $"iga-pgbouncer-{Guid.NewGuid():N}");
        Directory.CreateDirectory(directory);
        var users = Path.Combine(directory, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{server.Username}\" \"{server.Password}\"\n");
        var file = Path.Combine(directory, "pgbouncer.ini");
        await File.WriteAllTextAsync(file, $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = plain
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = {Sessions}
            max_client_conn = 200
            server_lifetime = 600
            """);
        var process = Process.Start(ChildProcess.Describe([.. account.Command(ChildProcess.Find("pgbouncer")!, "-q", file)]))!;
        server.Port = port;
        var bouncer = new PgBouncer(process, directory, server.ConnectionString);
        await Eventually.Async(() => bouncer.ListensAsync(port));
        return bouncer;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> ListensAsync(int port)
    {
        Assert.False(_process.HasExited, "PgBouncer has ended");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
