using System.Diagnostics;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;

namespace Iga.Tests.Fixtures;

/// <summary>
/// Azurite (blobs, queues and tables, in memory) as a process of its own: the program that IGA_TEST_AZURITE names, else what
/// <c>npm ci</c> put into node_modules.
/// </summary>
internal sealed partial class AzuriteServer : IAsyncDisposable
{
    // The account that every emulator of Azure Storage has; documented, and no secret.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private AzuriteServer(Process process) => _process = process;

    /// <summary>Whether there is a program to start.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>The ports of blobs, queues and tables.</summary>
    public IReadOnlyList<int> Ports { get; private set; } = [];

    public string ConnectionString => ConnectionStringFor(Ports);

    private static string Program => Environment.GetEnvironmentVariable("IGA_TEST_AZURITE") is { Length: > 0 } named
        ? named
        : Path.Combine(Sources.Root, "node_modules", ".bin", "azurite");

    /// <param name="ports">Of blobs, queues and tables: Azurite's, or those of something in front of it.</param>
    public static string ConnectionStringFor(IReadOnlyList<int> ports) =>
        $"{Account};" + string.Join(
            ';', Services.Zip(ports, (service, port) => $"{service}Endpoint=http://127.0.0.1:{port}/devstoreaccount1"));

    /// <summary>Skips the test that asks where Azurite is not installed.</summary>
    public static void SkipWithout() => Prerequisite.Require(
        IsInstalled, "no Azurite: run npm ci in the top folder, or set IGA_TEST_AZURITE");

    public static async Task<AzuriteServer> StartAsync()
    {
        var start = new ProcessStartInfo(Program)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            .. Services.Select(service => service.ToLowerInvariant())
                .SelectMany(service => (string[])[$"--{service}Host", "127.0.0.1", $"--{service}Port", "0"])])
        {
            start.ArgumentList.Add(argument);
        }

        var server = new AzuriteServer(Process.Start(start)!);
        try
        {
            await server.ListensAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Each service takes a free port and says which.</summary>
    private async Task ListensAsync()
    {
        var ports = new int[Services.Length];
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } found)
            {
                ports[Array.IndexOf(Services, found.Groups[1].Value)] = int.Parse(found.Groups[2].ValueSpan, provider: null);
                if (!ports.Contains(0))
                {
                    all.TrySetResult();
                }
            }
        };
        _process.BeginOutputReadLine();
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        await Task.WhenAny(all.Task, _process.WaitForExitAsync()).WaitAsync(Deadline);
        Assert.True(all.Task.IsCompleted, "Azurite ended before it listened");
        Ports = ports;
    }

    [GeneratedRegex("Azurite (Blob|Queue|Table) service is successfully listening at http://127\\.0\\.0\\.1:([0-9]+)")]
    private static partial Regex Listening();
}
