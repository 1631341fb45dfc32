using System.Diagnostics;
using Iga.Bench.Systems;
using Iga.Embedded;

namespace Iga.Bench.Sites;

/// <summary>The local host as a process of its own, as its users start it.</summary>
internal sealed class HostProcess : IDisposable
{
    private const int SigTerm = 15;
    private const string Ready = "IGA is ready on ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _output;
    private bool _isDisposed;

    private HostProcess(Process process, string log, Action<string> tell)
    {
        _process = process;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        _output = Task.WhenAll(KeepOutputAsync(log + ".jsonl", tell), KeepErrorsAsync(log + ".txt"));
    }

    public Task Exited => _process.WaitForExitAsync();

    public bool HasExited => _process.HasExited;

    /// <summary>Starts the host and waits until it serves.</summary>
    /// <param name="variables">Its IGA_, POSTGRES_ … variables; none of this process's own are handed on.</param>
    /// <param name="log">Path without extension: .jsonl gets its log, .txt what it says to a person.</param>
    /// <param name="tell">Is told every line of its log.</param>
    public static async Task<(HostProcess Process, Uri Address)> StartAsync(
        IReadOnlyDictionary<string, string?> variables, string log, Action<string> tell, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(LocalHostProgram.Command[0], LocalHostProgram.Command.Skip(1))
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        LocalHostProgram.RemoveOwnVariables(info);
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(info)!, log, tell);
        try
        {
            return (host, await host._address.Task.WaitAsync(TimeSpan.FromMinutes(1), cancellationToken));
        }
        catch
        {
            await host.KillAsync();
            host.Dispose();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Exited;
        await _output;
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(TimeSpan timeout)
    {
        Posix.Signal(_process.Id, SigTerm);
        await Exited.WaitAsync(timeout);
        await _output;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private async Task KeepOutputAsync(string file, Action<string> tell)
    {
        await using var log = new StreamWriter(file);
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            tell(line);
        }
    }

    private async Task KeepErrorsAsync(string file)
    {
        var said = "";
        await using var log = new StreamWriter(file) { AutoFlush = true };
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            await log.WriteLineAsync(line);
            said += line + "\n";
            if (line.StartsWith(Ready, StringComparison.Ordinal))
            {
                _address.TrySetResult(new Uri(line[Ready.Length..]));
            }
        }

        _address.TrySetException(new InvalidOperationException($"The local host ended before it was ready: {said}"));
    }
}
