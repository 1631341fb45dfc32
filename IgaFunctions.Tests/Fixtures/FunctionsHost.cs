using System.Collections.Concurrent;
using System.Diagnostics;
using Iga.LocalHost.Migrations;
using Iga.Tests.Architecture;
using Npgsql;

namespace Iga.Tests.Fixtures;

/// <summary>
/// The app as <c>func start</c> runs it, with Azurite as its storage: <c>func</c> from the PATH (or the program that
/// IGA_TEST_FUNC names), the app as IgaFunctions.AzureHost was built last.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly AzuriteServer _storage;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];

    private FunctionsHost(AzuriteServer storage, Process process, int port)
    {
        (_storage, _process, Address) = (storage, process, new($"http://127.0.0.1:{port}/"));
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>Applies the migrations, starts Azurite and the host, and waits until the app says that it is well.</summary>
    public static async Task<FunctionsHost> StartAsync(IReadOnlyDictionary<string, string?> settings)
    {
        await using (var database = NpgsqlDataSource.Create(settings["IGA_POSTGRES_DB_URL"]!))
        {
            await MigrationRunner.ApplyAsync(database, CancellationToken.None);
        }

        var port = Loopback.FreePort();
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("IGA_TEST_FUNC") ?? "func", ["start", "--port", $"{port}"])
        {
            WorkingDirectory = Path.Combine(Sources.Root, "IgaFunctions.AzureHost", "bin", "Debug", "net10.0"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((var name, var value) in settings)
        {
            start.Environment[name] = value;
        }

        var storage = await AzuriteServer.StartAsync();
        try
        {
            start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
            start.Environment["AzureWebJobsStorage"] = storage.ConnectionString;
            var host = new FunctionsHost(storage, Process.Start(start)!, port);
            await host.AnswersAsync();
            return host;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _storage.DisposeAsync();
    }

    private async Task EndAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task AnswersAsync()
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(10) };
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Deadline && !_process.HasExited)
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

        await EndAsync();
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
}
