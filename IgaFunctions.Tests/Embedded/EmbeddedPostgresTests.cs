using System.Diagnostics;
using Iga.LocalHost.Embedded;
using Npgsql;

namespace Iga.Tests.Embedded;

/// <summary>The embedded PostgreSQL with real binaries.</summary>
public sealed class EmbeddedPostgresTests : IDisposable
{
    private const int SigKill = 9;

    private readonly TemporaryFolder _folder = new();

    private EmbeddedPostgresOptions Options => new()
    {
        BaseDirectory = _folder[".local"],
        ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_start_finds_what_the_first_one_wrote()
    {
        await using (var first = await EmbeddedPostgres.StartAsync(Options))
        {
            await WriteAsync(first, "kept");
        }

        await using var second = await EmbeddedPostgres.StartAsync(Options);

        Assert.False(second.WasRunning);
        Assert.Equal("kept", await ReadAsync(second));
    }

    [Fact]
    public async Task It_is_durable_by_default_and_closed_to_strangers()
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(Options with
        {
            ServerSettings = new Dictionary<string, string>(),
            MaxConnections = 17,
        });

        Assert.Equal(
            "on on on 17 127.0.0.1",
            await ScalarAsync(postgres.ConnectionString, """
                select concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'),
                    current_setting('full_page_writes'), current_setting('max_connections'), current_setting('listen_addresses'))
                """));
        var stranger = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess", Pooling = false };
        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => ScalarAsync(stranger.ConnectionString, "select 'in'"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        var password = Path.Combine(postgres.DataDirectory, "..", "password");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(password));
    }

    [Fact]
    public async Task A_server_that_was_killed_is_recovered_by_the_next_start()
    {
        await using var first = await EmbeddedPostgres.StartAsync(Options);
        await WriteAsync(first, "kept");
        Assert.True(Posix.Signal(first.ProcessId!.Value, SigKill));

        await using var second = await EmbeddedPostgres.StartAsync(Options);

        Assert.False(second.WasRunning);
        Assert.Equal("kept", await ReadAsync(second));
        Assert.Equal(first.Port, second.Port); // so that the first host finds it too
        Assert.Equal("kept", await ReadAsync(first));
    }

    [Fact]
    public async Task A_server_that_a_killed_host_left_running_is_joined()
    {
        await using (var first = await EmbeddedPostgres.StartAsync(Options))
        {
            await WriteAsync(first, "kept");
        }

        // The kernel takes a killed host's locks away and leaves its server alone; so does a server that no host started.
        var home = await ClusterHome.OpenAsync(Options, CancellationToken.None);
        var binaries = await new PostgresBinaryFinder(Options, home).FindAsync(null, CancellationToken.None);
        var password = await File.ReadAllTextAsync(home.PasswordFile);
        var port = await new PostgresServer(Options, home).StartAsync(binaries, password, null, false, CancellationToken.None);
        var process = PostmasterFile.Read(home.Data)!.ProcessId;

        await using (var second = await EmbeddedPostgres.StartAsync(Options))
        {
            Assert.True(second.WasRunning);
            Assert.Equal((port, process), (second.Port, second.ProcessId));
            Assert.Equal("kept", await ReadAsync(second));
        }

        Assert.Null(PostmasterFile.Read(home.Data)); // the last one to leave stopped it
    }

    [Fact]
    public async Task Hosts_that_start_at_once_share_one_server_until_the_last_one_leaves()
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => EmbeddedPostgres.StartAsync(Options))));

        Assert.Single(hosts.Select(host => host.ProcessId).Distinct());
        Assert.Single(hosts, host => !host.WasRunning);
        await WriteAsync(hosts[0], "shared");
        foreach (var host in hosts[..3])
        {
            await host.DisposeAsync();
            Assert.Equal("shared", await ReadAsync(hosts[3]));
        }

        await hosts[3].DisposeAsync();
        Assert.Null(hosts[3].ProcessId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_keeps_the_port_and_the_data(bool immediate)
    {
        await using var postgres = await EmbeddedPostgres.StartAsync(Options);
        await WriteAsync(postgres, "kept");
        var before = postgres.ProcessId;

        await postgres.RestartAsync(immediate);

        Assert.NotEqual(before, postgres.ProcessId);
        Assert.Equal("kept", await ReadAsync(postgres));
        await postgres.StopAsync();
        Assert.Null(postgres.ProcessId);
    }

    [Fact]
    public async Task What_a_crash_in_the_middle_of_a_set_up_left_is_no_obstacle()
    {
        var half = Directory.CreateDirectory(_folder[".local", "postgres", "cluster.new-0badcafe", "data"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15");

        await using var postgres = await EmbeddedPostgres.StartAsync(Options);

        Assert.Equal("1", await ScalarAsync(postgres.ConnectionString, "select '1'"));
        Assert.False(Directory.Exists(half));
    }

    [Fact]
    public async Task A_port_that_another_program_has_taken_meanwhile_is_left_to_it()
    {
        string data;
        await using (var first = await EmbeddedPostgres.StartAsync(Options))
        {
            data = first.DataDirectory;
        }

        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var taken = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;
        await File.WriteAllTextAsync(Path.Combine(data, "..", "port"), $"{taken}");

        await using var second = await EmbeddedPostgres.StartAsync(Options);

        Assert.NotEqual(taken, second.Port);
        Assert.Equal("1", await ScalarAsync(second.ConnectionString, "select '1'"));
    }

    [Fact]
    public async Task A_process_that_has_got_the_id_of_a_crashed_server_is_neither_joined_nor_signalled()
    {
        // Not this process: PostgreSQL does not mind its own parent. It ends when its input is closed.
        using var other = Process.Start(
            new ProcessStartInfo("cat") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var input = other.StandardInput;
        await using (var first = await EmbeddedPostgres.StartAsync(Options))
        {
            await WriteAsync(first, "kept");
            Assert.True(Posix.Signal(first.ProcessId!.Value, SigKill));
            var file = Path.Combine(first.DataDirectory, "postmaster.pid");
            var lines = await File.ReadAllLinesAsync(file);
            lines[0] = $"{other.Id}";
            await File.WriteAllLinesAsync(file, lines);
        }

        await using var second = await EmbeddedPostgres.StartAsync(Options);

        Assert.False(second.WasRunning);
        Assert.NotEqual(other.Id, second.ProcessId);
        Assert.Equal("kept", await ReadAsync(second));
        Assert.False(other.HasExited);
    }

    [Fact]
    public async Task A_start_that_is_called_off_leaves_nothing_running()
    {
        await using (await EmbeddedPostgres.StartAsync(Options))
        {
        }

        var home = await ClusterHome.OpenAsync(Options, CancellationToken.None);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var attempt = 0; attempt < 8; attempt++)
        {
            using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(150)));
            try
            {
                await using var inTime = await EmbeddedPostgres.StartAsync(Options, stop.Token);
            }
            catch (OperationCanceledException)
            {
            }

            Assert.False(PostmasterFile.Read(home.Data) is { } file && await file.IsServingAsync(home.Data), $"seed {seed}");
            using var unused = FileLock.TryExclusive(home.UsersLock);
            Assert.True(unused is not null, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Root_keeps_the_cluster_elsewhere_when_the_servers_user_may_not_enter_the_base_directory()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root runs the server as another user");
        Directory.CreateDirectory(_folder["closed"]);
        TemporaryFolder.SetMode(_folder["closed"], TemporaryFolder.Closed);
        var told = new List<string>();
        var options = Options with
        {
            BaseDirectory = _folder["closed", ".local"],
            RelocationRoot = _folder["elsewhere"],
            Tell = told.Add,
        };

        await using (var first = await EmbeddedPostgres.StartAsync(options))
        {
            Assert.StartsWith(_folder["elsewhere"], first.DataDirectory, StringComparison.Ordinal);
            Assert.Contains(told, line => line.Contains(_folder["elsewhere"], StringComparison.Ordinal));
            await WriteAsync(first, "kept");
        }

        Directory.Move(_folder["closed", ".local"], _folder["closed", "moved"]);
        await using var second = await EmbeddedPostgres.StartAsync(options with { BaseDirectory = _folder["closed", "moved"] });
        Assert.Equal("kept", await ReadAsync(second));
    }

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);

    private static async Task WriteAsync(EmbeddedPostgres postgres, string value) =>
        await ScalarAsync(postgres.ConnectionString, $"create table note as select '{value}'::text as value; select '';");

    private static Task<string?> ReadAsync(EmbeddedPostgres postgres) =>
        ScalarAsync(postgres.ConnectionString, "select value from note");

    private static async Task<string?> ScalarAsync(string connectionString, string sql)
    {
        // No pool: a pooled connection does not notice that its server was killed until it is used.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as string;
    }
}
