using System.ComponentModel;
using System.Globalization;

namespace Iga.Embedded;

/// <summary>
/// What a server writes about itself to <c>postmaster.pid</c>, one value a line: 1 the process id, 4 the port, 8 the state
/// ("starting", "ready", "stopping"). It outlives a crash of the server.
/// </summary>
/// <param name="Port">0 as long as the server has not said.</param>
/// <param name="IsReady">Whether the server said that it accepts connections.</param>
internal sealed record PostmasterFile(int ProcessId, int Port, bool IsReady)
{
    // Larger than any process id of Linux or macOS.
    private const int Nobody = int.MaxValue;

    /// <returns>Null when there is none, or when its writer has not got to the process id yet.</returns>
    public static PostmasterFile? Read(string data)
    {
        try
        {
            var lines = File.ReadAllLines(PathIn(data));
            return lines.Length > 0 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId)
                ? new PostmasterFile(
                    processId,
                    lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var port) ? port : 0,
                    lines.Length > 7 && lines[7].StartsWith("ready", StringComparison.Ordinal))
                : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether that process is this cluster's postmaster. The proof is its working directory, which is the data directory
    /// (on Linux), or its command line (elsewhere): a process id alone may belong to anyone by now.
    /// </summary>
    /// <param name="data">The data directory, without symbolic links.</param>
    public async Task<bool> IsServingAsync(string data)
    {
        if (ProcessId <= 1 || !Posix.Exists(ProcessId))
        {
            return false;
        }

        if (OperatingSystem.IsLinux())
        {
            try
            {
                return new FileInfo($"/proc/{ProcessId}/cwd").LinkTarget == data;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Win32Exception)
            {
                return false; // it has gone meanwhile, or it is someone else's
            }
        }

        var (_, command) = await ChildProcess.RunAsync(
            ["ps", "-ww", "-o", "command=", "-p", ProcessId.ToString(CultureInfo.InvariantCulture)],
            TimeSpan.FromSeconds(5), CancellationToken.None);
        return command.Contains($"postgres -D {data} ", StringComparison.Ordinal);
    }

    /// <summary>
    /// Puts an impossible process id in the place of one that another program has got after a crash. PostgreSQL would
    /// refuse to start; the rest of the file stays, for it leads PostgreSQL to shared memory that may still be in use.
    /// </summary>
    public static void ForgetProcess(string data)
    {
        var lines = File.ReadAllLines(PathIn(data));
        lines[0] = Nobody.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(PathIn(data), string.Join('\n', lines) + '\n');
    }

    private static string PathIn(string data) => Path.Combine(data, "postmaster.pid");
}
