using System.Collections.Concurrent;
using System.Diagnostics;
using Iga.Bench.Systems;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Engines;

/// <summary>The app on Microsoft's engine as a process of its own, which a test may kill.</summary>
internal sealed class EngineProcess : IAsyncDisposable
{
    /// <summary>The first argument of this program that makes it such a process; the second one is the worker's name.</summary>
    public const string Command = "real-engine";

    private const string Ready = "ready on ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>What the process does: serves until it is killed, or the tests have ended and its input with them.</summary>
    public static async Task<int> RunAsync(string worker)
    {
        await using var engine = await RealEngine.StartAsync(
            new ConfigurationBuilder().AddEnvironmentVariables().Build(), worker, LogLevel.Critical);
        Console.WriteLine(Ready + engine.Address);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static async Task<EngineProcess> StartAsync(IReadOnlyDictionary<string, string?> variables, string worker)
    {
        var start = new ProcessStartInfo(
            LocalHostProgram.Command[0], [typeof(EngineProcess).Assembly.Location, Command, worker])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        LocalHostProgram.RemoveOwnVariables(start);
        foreach ((var name, var value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = new EngineProcess(Process.Start(start)!);
        await Task.WhenAny(process._ready.Task, process._process.WaitForExitAsync()).WaitAsync(Deadline);
        Assert.True(process._ready.Task.IsCompleted, $"It did not start: {string.Join('\n', process._output)}");
        process.Client.BaseAddress = await process._ready.Task;
        return process;
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Client.Dispose();
    }

    private void Keep(string? line)
    {
        _output.Enqueue(line ?? "");
        if (line?.StartsWith(Ready, StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult(new Uri(line[Ready.Length..]));
        }
    }
}
