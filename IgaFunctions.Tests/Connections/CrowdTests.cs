using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Iga.Connections;
using Iga.Tests.Fixtures;
using Iga.Tests.Pressure;
using Iga.Tests.Security;

namespace Iga.Tests.Connections;

/// <summary>Whoever opens more sockets than the process may have descriptors does not end it, and keeps nobody out.</summary>
[Collection(typeof(Alone))] // takes thousands of descriptors
public sealed partial class CrowdTests : IDisposable
{
    private const int Descriptors = 1024;
    private const int Sockets = 1500;
    private const string Refusal = "may be open at once";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iga-crowd-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_survives_tells_so_once_and_ends_the_tasks_under_way()
    {
        Assert.SkipUnless(DescriptorLimit.Current > 4 * Sockets, "this process may not open so many sockets");
        await using var service = ServiceProcess.StartUnder(Descriptors, new Dictionary<string, string?>
        {
            ["IGA_PORT"] = "0",
            ["IGA_POSTGRES_DB_URL"] = await TestCluster.CreateDatabaseAsync(),
            ["IGA_LOCAL_DIR"] = _folder.FullName,
        });
        var address = await service.ReadyAsync();
        var emulator = new Uri(service.Errors.Select(line => Emulator().Match(line)).First(match => match.Success).Groups[1].Value);
        using HttpClient client = new() { BaseAddress = address };
        using (await client.PostAsJsonAsync(new Uri(emulator, "_emulator/latency"), new { milliseconds = 3000 }))
        {
        }

        var tasks = new List<Guid>();
        for (var task = 0; task < 8; task++)
        {
            tasks.Add(await client.SubmitAsync(Caller.NewKey(), new { prompt = "in a crowd" }));
        }

        using (Crowd crowd = new())
        {
            await Task.WhenAll(crowd.OpenAsync(address.Port, Sockets), crowd.OpenAsync(emulator.Port, Sockets));
            foreach (var task in tasks)
            {
                await Eventually.Async(async () => await StatusAsync(client, task) == "SUCCESS");
            }

            await Eventually.Async(() => service.Output.Any(line => line.Contains(Refusal, StringComparison.Ordinal)));
        }

        Assert.Equal("SUCCESS", await StatusAsync(client, tasks[0]));
        var told = Assert.Single(service.Output, line => line.Contains(Refusal, StringComparison.Ordinal));
        Assert.True(int.Parse(Number().Match(told).Groups[1].ValueSpan, CultureInfo.InvariantCulture) > 1, told);
        Assert.Equal(0, await service.StopAsync());
    }

    /// <returns>Null where the connection was refused or ended, as any may be in a crowd.</returns>
    private static async Task<string?> StatusAsync(HttpClient client, Guid task)
    {
        try
        {
            return (await client.PollAsync(task)).Body.GetProperty("status").GetString();
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException)
        {
            return null;
        }
    }

    [GeneratedRegex("Vertex AI +embedded emulator on (http://[^ ]+)")]
    private static partial Regex Emulator();

    [GeneratedRegex(@"""(\d+) connections were refused")]
    private static partial Regex Number();
}
