using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Bench.Systems;

namespace Iga.Tests.Security;

/// <summary>The local host as a process of its own, with all that it prints.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServiceProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The lines on stdout so far.</summary>
    public IReadOnlyCollection<string> Output => _output;

    /// <summary>The lines on stderr so far.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts it with these variables and none of the machine's own that it reads.</summary>
    /// <param name="arguments">A verb, and what belongs to it; without, it serves.</param>
    public static ServiceProcess Start(IReadOnlyDictionary<string, string?> variables, params string[] arguments) =>
        StartCommand(variables, [.. LocalHostProgram.Command, .. arguments]);

    /// <summary>Starts it with no more descriptors than these.</summary>
    public static ServiceProcess StartUnder(int descriptors, IReadOnlyDictionary<string, string?> variables) =>
        StartAfter($"ulimit -n {descriptors}", variables);

    /// <summary>Starts it in a shell that has run a command, such as <c>umask 077</c>.</summary>
    public static ServiceProcess StartAfter(string command, IReadOnlyDictionary<string, string?> variables) =>
        StartCommand(variables, ["/bin/sh", "-c", $"{command}; exec \"$@\"", "sh", .. LocalHostProgram.Command]);

    /// <returns>Where it listens, once it does.</returns>
    public async Task<Uri> ReadyAsync()
    {
        await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()).WaitAsync(Deadline);
        return _ready.Task.IsCompletedSuccessfully
            ? await _ready.Task
            : throw new InvalidOperationException($"It ended with {_process.ExitCode}: {string.Join('\n', _errors)}");
    }

    /// <summary>Ends it as a supervisor does, and waits for its last line.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await WaitForExitAsync();
    }

    /// <param name="signal">Such as <c>INT</c>, which is Ctrl+C.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Deadline);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ServiceProcess StartCommand(IReadOnlyDictionary<string, string?> variables, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        LocalHostProgram.RemoveOwnVariables(start);
        foreach ((var name, var value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ServiceProcess(Process.Start(start)!);
    }

    private void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is null)
        {
            return;
        }

        lines.Enqueue(line);
        if (Ready().Match(line) is { Success: true } ready)
        {
            _ready.TrySetResult(new Uri(ready.Groups[1].Value));
        }
    }

    [GeneratedRegex("^IGA is ready on (http://.+)$")]
    private static partial Regex Ready();
}
