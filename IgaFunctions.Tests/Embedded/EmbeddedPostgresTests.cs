using Iga.Embedded;
using Npgsql;

namespace Iga.Tests.Embedded;

/// <summary>The embedded PostgreSQL with real binaries.</summary>
public sealed class EmbeddedPostgresTests : OwnCluster
{
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
    public async Task Root_keeps_the_cluster_elsewhere_when_the_servers_user_may_not_enter_the_base_directory()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root runs the server as another user");
        Directory.CreateDirectory(Folder["closed"]);
        TemporaryFolder.SetMode(Folder["closed"], TemporaryFolder.Closed);
        var told = new List<string>();
        var options = Options with
        {
            BaseDirectory = Folder["closed", ".local"],
            RelocationRoot = Folder["elsewhere"],
            Tell = told.Add,
        };

        await using (var first = await EmbeddedPostgres.StartAsync(options))
        {
            Assert.StartsWith(Folder["elsewhere"], first.DataDirectory, StringComparison.Ordinal);
            Assert.Contains(told, line => line.Contains(Folder["elsewhere"], StringComparison.Ordinal));
            await WriteAsync(first, "kept");
        }

        Directory.Move(Folder["closed", ".local"], Folder["closed", "moved"]);
        await using var second = await EmbeddedPostgres.StartAsync(options with { BaseDirectory = Folder["closed", "moved"] });
        Assert.Equal("kept", await ReadAsync(second));
    }

    private static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
}
