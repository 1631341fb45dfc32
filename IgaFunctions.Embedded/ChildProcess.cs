using System.ComponentModel;
using System.Diagnostics;

namespace Iga.Embedded;

/// <summary>Runs short programs to their end.</summary>
internal static class ChildProcess
{
    /// <summary>The exit code of a program that could not even be started, as in a shell.</summary>
    public const int NotStarted = 127;

    /// <param name="command">The program and its arguments; no shell takes part.</param>
    /// <returns>The exit code and what was written, standard output first.</returns>
    /// <exception cref="TimeoutException">The program took longer than allowed; it was killed.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var info = Describe(command);
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(limit.Token);
                var error = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                return (process.ExitCode, (await output + await error).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
                throw new TimeoutException($"{command[0]} took longer than {timeout.TotalSeconds:0} s");
            }
        }
        catch (Win32Exception exception)
        {
            return (NotStarted, exception.Message);
        }
    }

    /// <summary>A start description in which no setting of the caller's environment changes what PostgreSQL does.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        // The working directory is one that every user can enter: the caller's own may be closed to the server's user.
        var info = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, WorkingDirectory = "/" };
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["LC_ALL"] = "C"; // messages that can be recognised
        info.Environment["TZ"] = "UTC"; // spares initdb the search through all time zones
        return info;
    }

    /// <summary>Finds a program as a shell would, and in the folders that hold programs for root.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
