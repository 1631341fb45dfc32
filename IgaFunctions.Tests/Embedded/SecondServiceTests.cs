using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Iga.Tests.Fixtures;
using Iga.Tests.Security;

namespace Iga.Tests.Embedded;

/// <summary>Two at once in one folder, each as a process of its own.</summary>
public sealed partial class SecondServiceTests : IDisposable
{
    private const string Shared = " of the IGA that runs here already";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task A_second_one_shares_the_emulators_and_goes_on_when_the_first_has_ended(string signal)
    {
        var settings = Settings(await TestCluster.CreateDatabaseAsync());
        await using var first = ServiceProcess.Start(settings);
        using var atFirst = new HttpClient { BaseAddress = await first.ReadyAsync() };
        await using var second = ServiceProcess.Start(settings);
        using var atSecond = new HttpClient { BaseAddress = await second.ReadyAsync() };
        var ofTheFirst = await EmulatorsAsync(first);
        Assert.Equal(ofTheFirst.Select(where => where + Shared), await EmulatorsAsync(second));
        Assert.Equal("SUCCESS", await MakeAsync(atFirst));
        Assert.Equal("SUCCESS", await MakeAsync(atSecond));

        await first.SignalAsync(signal);
        await first.WaitForExitAsync();

        Assert.Equal("SUCCESS", await MakeAsync(atSecond));
        await using var third = ServiceProcess.Start(settings);
        using var atThird = new HttpClient { BaseAddress = await third.ReadyAsync() };
        Assert.Equal(await EmulatorsAsync(second), await EmulatorsAsync(third)); // the second runs them now, where the first had them
        Assert.Equal("SUCCESS", await MakeAsync(atThird));
        Assert.Equal(4, Pictures());
        Assert.Equal(0, await second.StopAsync());
    }

    [Fact]
    public async Task Generate_beside_a_service_that_has_set_up_everything_itself_makes_its_picture()
    {
        await using var service = ServiceProcess.Start(Settings(null));
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };

        await using var generate = ServiceProcess.Start(Settings(null), "generate", "@home by the sea", "--json");

        Assert.Equal(0, await generate.WaitForExitAsync());
        var picture = JsonNode.Parse(Assert.Single(generate.Output))!;
        Assert.Equal(_folder[".local", "pictures", "home-by-the-sea.png"], (string)picture["file"]!);
        Assert.Equal(new FileInfo((string)picture["file"]!).Length, (long)picture["bytes"]!);
        using var answer = await client.GetAsync(new Uri($"/v1/tasks/{picture["task_id"]}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // in one database
        Assert.Equal(1, Pictures());
        Assert.Equal("SUCCESS", await MakeAsync(client)); // what the first one needs is still there

        // The app that is built to have its code compiled leaves this one's metrics alone.
        var metrics = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("\niga_steps_waiting 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\niga_task_succeeded_count_total{", metrics, StringComparison.Ordinal);
        Assert.Equal(0, await service.StopAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_port_that_is_taken_is_one_sentence_that_says_what_helps(bool whileItStarts)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        if (whileItStarts)
        {
            other.Stop();
        }

        var settings = Settings(null);
        settings["IGA_PORT"] = $"{port}";
        await using var service = ServiceProcess.Start(settings);
        using var late = new TcpListener(IPAddress.Loopback, port);
        if (whileItStarts)
        {
            // Its own look at the port lies behind it, and initdb before it.
            await Eventually.Async(() => service.Errors.Any(line => line.StartsWith("Setting up", StringComparison.Ordinal)));
            late.Start();
        }

        Assert.Equal(1, await service.WaitForExitAsync());
        Assert.Empty(service.Output);
        var told = Assert.Single(service.Errors, line => !line.StartsWith("Setting up", StringComparison.Ordinal));
        Assert.Contains($"Port {port} of 127.0.0.1 is taken", told, StringComparison.Ordinal);
        Assert.Contains("IGA_PORT=", told, StringComparison.Ordinal);
        Assert.Equal(whileItStarts, Directory.Exists(_folder[".local"]));
    }

    [Fact]
    public async Task Generate_tells_all_that_is_wrong_before_anything_starts()
    {
        await using var generate = ServiceProcess.Start(
            Settings(null), "generate", "a cat", "--aspect-ratio", "7:1", "--seed", "x", "--out", _folder["missing", "a.png"]);

        Assert.Equal(2, await generate.WaitForExitAsync());
        Assert.Empty(generate.Output);
        Assert.Equal(["--aspect-ratio", "--out", "--seed"], generate.Errors.Select(line => line.Split(' ')[0]).Order());
        Assert.False(Directory.Exists(_folder[".local"]));
    }

    /// <summary>What it says of its emulators when it is ready: where they are, and whether they are another's.</summary>
    private static async Task<string[]> EmulatorsAsync(ServiceProcess service)
    {
        string[] found = [];
        await Eventually.Async(() => (found =
            [.. service.Errors.Select(line => Emulator().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)])
            .Length == 2);
        return found;
    }

    private static async Task<string?> MakeAsync(HttpClient client)
    {
        var task = await client.SubmitAsync(Caller.NewKey(), new { prompt = "two at once" });
        var status = "PENDING";
        await Eventually.Async(async () =>
            (status = (await client.PollAsync(task)).Body.GetProperty("status").GetString()) is "SUCCESS" or "FAILURE");
        return status;
    }

    /// <summary>The pictures in the embedded bucket, as files.</summary>
    private int Pictures() =>
        Directory.GetFiles(_folder[".local", "gcs", "iga-local-images", "images"], "*.png", SearchOption.AllDirectories).Length;

    private Dictionary<string, string?> Settings(string? database) => new()
    {
        ["IGA_PORT"] = "0",
        ["IGA_POSTGRES_DB_URL"] = database,
        ["IGA_LOCAL_DIR"] = _folder[".local"],
    };

    [GeneratedRegex($"embedded emulator on (http://[^ ,]+(?:{Shared})?)")]
    private static partial Regex Emulator();
}
