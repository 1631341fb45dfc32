using System.Diagnostics;

namespace Iga.Bench.Systems;

/// <summary>
/// A program that is measured, as a process of its own. What it says goes to a file without passing through this process,
/// which would cost both of them.
/// </summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;
    private bool _isDisposed;

    private Child(Process process, string log)
    {
        (_process, Log) = (process, log);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    public int Id => _process.Id;

    /// <summary>The file with what it said.</summary>
    public string Log { get; }

    public bool HasExited => _process.HasExited;

    public static Child Start(
        IEnumerable<string> command, IReadOnlyDictionary<string, string> variables, string log, string? directory = null)
    {
        // The shell becomes the program, so that its process id is the program's.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. command])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = directory ?? "",
        };
        LocalHostProgram.RemoveOwnVariables(info);
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        return new Child(Process.Start(info)!, log);
    }

    /// <summary>kill -9, with all that it has started.</summary>
    public async Task KillAsync()
    {
        if (!_isDisposed && !_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public bool Says(string words) => Said().Contains(words, StringComparison.Ordinal);

    /// <summary>All that it said.</summary>
    public string Said()
    {
        if (!File.Exists(Log))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>The end of what it said, for a message.</summary>
    public string Tail() => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(5)) : "";

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();
}
