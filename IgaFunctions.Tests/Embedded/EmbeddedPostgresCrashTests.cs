using System.Diagnostics;
using Iga.Embedded;

namespace Iga.Tests.Embedded;

/// <summary>What killed servers and hosts, and starts that were broken off, leave behind is no obstacle.</summary>
public sealed class EmbeddedPostgresCrashTests : OwnCluster
{
    private const int SigKill = 9;

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
    public async Task What_a_crash_in_the_middle_of_a_set_up_left_is_no_obstacle()
    {
        var half = Directory.CreateDirectory(Folder[".local", "postgres", "cluster.new-0badcafe", "data"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(half, "PG_VERSION"), "15");

        await using var postgres = await EmbeddedPostgres.StartAsync(Options);

        Assert.Equal("1", await ScalarAsync(postgres.ConnectionString, "select '1'"));
        Assert.False(Directory.Exists(half));
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
}
