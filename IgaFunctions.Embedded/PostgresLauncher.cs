using System.Diagnostics;
using System.Globalization;

namespace Iga.Embedded;

/// <summary>Starts the server's process with its settings, its log and its lock.</summary>
internal sealed class PostgresLauncher(EmbeddedPostgresOptions options, ClusterHome home)
{
    /// <summary>The exit code that says: some server still holds <see cref="ClusterHome.ServerLock"/>.</summary>
    public const int LockIsHeld = 75;

    private const long LargestLog = 8 * 1024 * 1024;

    // $1 is the log, $2 the lock. The server and its children inherit the lock and hold it until the last one has ended.
    private const string Script = """
        log=$1; lock=$2; shift 2
        exec </dev/null >>"$log" 2>&1 9<>"$lock"
        if command -v flock >/dev/null; then flock -n 9 || exit 75; fi
        exec "$@"
        """;

    /// <summary>Makes sure that the log and the lock exist and are the server's, and that the log stays small.</summary>
    public void PrepareFiles()
    {
        if (File.Exists(home.Log) && new FileInfo(home.Log).Length > LargestLog)
        {
            File.Move(home.Log, home.Log + ".old", overwrite: true);
        }

        foreach (var file in new[] { home.Log, home.ServerLock }.Where(file => !File.Exists(file)))
        {
            File.WriteAllText(file, "");
            home.Account.Give(file);
        }
    }

    /// <returns>The server's process, or the wrapper that lends it another user.</returns>
    public Process Launch(PostgresBinaries binaries, int port) => ChildProcess.Start(
    [
        .. OwnSession(),
        .. home.Account.Command(
            "/bin/sh", "-c", Script, "postgres", home.Log, home.ServerLock, binaries.Server, "-D", home.Data),
        .. Settings(binaries, port).SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
    ]);

    /// <summary>
    /// In a session of its own the server does not get the Ctrl+C that is meant for the host, which still needs it.
    /// </summary>
    private static string[] OwnSession() => (ChildProcess.Find("setsid"), ChildProcess.Find("perl")) switch
    {
        ({ } setsid, _) => [setsid],
        (_, { } perl) => [perl, "-e", "use POSIX; POSIX::setsid(); exec @ARGV", "--"],
        _ => [],
    };

    private Dictionary<string, string> Settings(PostgresBinaries binaries, int port)
    {
        // Small, and reachable over loopback only. Durability is the server's default: everything is on.
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "", // their paths are limited to about 100 bytes
            ["max_connections"] = options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_buffers"] = "32MB",
            ["max_wal_size"] = "256MB",
            ["wal_level"] = "minimal",
            ["max_wal_senders"] = "0",
            ["huge_pages"] = "off",
            ["jit"] = "off",
            ["log_checkpoints"] = "off",
            ["logging_collector"] = "off",
        };
        if (binaries.Version >= 18)
        {
            settings["io_method"] = "sync"; // no worker processes for reads that this load does not have
        }

        foreach (var (name, value) in options.ServerSettings)
        {
            settings[name] = value;
        }

        settings["port"] = port.ToString(CultureInfo.InvariantCulture);
        return settings;
    }
}
