using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Iga.LocalHost.Migrations;
using Iga.Tests.Architecture;
using Npgsql;

namespace Iga.Tests.Fixtures;

/// <summary>
/// The app as <c>func start</c> runs it, with Azurite as its storage: <c>func</c> from the PATH (or the program that
/// IGA_TEST_FUNC names), Azurite from node_modules, the app as IgaFunctions was built last.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    // The account that every emulator of Azure Storage has; documented, and no secret.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly List<Process> _processes = [];
    private readonly ConcurrentQueue<string> _output = [];

    private FunctionsHost(int port) => Address = new($"http://127.0.0.1:{port}/");

    public Uri Address { get; }

    /// <summary>Applies the migrations, starts Azurite and the host, and waits until the app says that it is well.</summary>
    public static async Task<FunctionsHost> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using (var database = NpgsqlDataSource.Create(settings["IGA_POSTGRES_DB_URL"]!))
        {
            await MigrationRunner.ApplyAsync(database, CancellationToken.None);
        }

        var ports = FreePorts(4);
        var host = new FunctionsHost(ports[3]);
        host.Start(
            Path.Combine(Sources.Root, "node_modules", ".bin", "azurite"), Path.GetTempPath(), new Dictionary<string, string?>(),
            "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            "--blobHost", "127.0.0.1", "--blobPort", $"{ports[0]}",
            "--queueHost", "127.0.0.1", "--queuePort", $"{ports[1]}",
            "--tableHost", "127.0.0.1", "--tablePort", $"{ports[2]}");
        var azure = new Dictionary<string, string?>(settings)
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
            ["AzureWebJobsStorage"] = $"{Account};BlobEndpoint=http://127.0.0.1:{ports[0]}/devstoreaccount1;"
                + $"QueueEndpoint=http://127.0.0.1:{ports[1]}/devstoreaccount1;TableEndpoint=http://127.0.0.1:{ports[2]}/devstoreaccount1",
        };
        host.Start(
            Environment.GetEnvironmentVariable("IGA_TEST_FUNC") ?? "func",
            Path.Combine(Sources.Root, "IgaFunctions", "bin", "Debug", "net10.0"), azure,
            "start", "--port", $"{ports[3]}");
        await host.AnswersAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private void Start(string program, string folder, Dictionary<string, string?> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((var name, var value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task AnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Deadline && !_processes.Exists(process => process.HasExited))
        {
            try
            {
                // The hub is read once too: what is cold at first could take longer than a caller is kept waiting.
                using var response = await client.GetAsync("health");
                using var task = await client.GetAsync($"v1/tasks/{Guid.NewGuid()}");
                if (response.IsSuccessStatusCode && (int)task.StatusCode < 500)
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                // It does not listen yet.
            }

            await Task.Delay(250);
        }

        await DisposeAsync();
        throw new InvalidOperationException($"The Functions host did not start:\n{string.Join('\n', _output)}");
    }

    private void Keep(string? line)
    {
        _output.Enqueue(line ?? "");
        while (_output.Count > 200)
        {
            _output.TryDequeue(out _);
        }
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
