using System.Diagnostics;

namespace Iga.Tests.Runtime;

/// <summary>A private PostgreSQL in a temporary folder, reached by its socket there: no port, nothing shared.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("iga-pg-").FullName;

    private TestCluster()
    {
    }

    public string ConnectionString => $"Host={folder};Port=5432;Username=postgres;Database=postgres;Max Auto Prepare=50;Timeout=5";

    public static async Task<TestCluster> StartAsync()
    {
        TestCluster cluster = new();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres:postgres", cluster.folder);
        }

        await RunPostgresAsync("initdb", "-D", $"{cluster.folder}/data", "-U", "postgres", "-A", "trust", "-N", "--no-instructions");
        await cluster.PgCtlAsync("start");
        return cluster;
    }

    /// <summary>Kills the server as a crash would and starts it again; connections break, commits stay.</summary>
    public Task RestartAsync() => PgCtlAsync("restart", "-m", "immediate");

    public Task StopAsync() => PgCtlAsync("stop", "-m", "immediate");

    public Task StartAgainAsync() => PgCtlAsync("start");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task PgCtlAsync(params string[] command) => RunPostgresAsync(
        "pg_ctl", [.. command, "-D", $"{folder}/data", "-w", "-l", $"{folder}/log", "-o",
            $"-F -k {folder} -c listen_addresses= -c max_connections=200 -c shared_buffers=64MB -c autovacuum=off -c wal_level=minimal -c max_wal_senders=0"]);

    // The server refuses to run as root.
    private static Task RunPostgresAsync(string program, params string[] arguments)
    {
        var path = Path.Combine("/usr/lib/postgresql/15/bin", program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        // Output goes nowhere: the server would keep a pipe of ours open for as long as it lives.
        ProcessStartInfo start = new("/bin/sh", ["-c", "exec \"$@\" > /dev/null 2>&1", "sh", program, .. arguments])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
