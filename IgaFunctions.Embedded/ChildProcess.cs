using System.ComponentModel;
using System.Diagnostics;

namespace Iga.Embedded;

/// <summary>Starts the programs that the embedded services consist of and are set up with; no other place starts any.</summary>
internal static class ChildProcess
{
    /// <summary>The exit code of a program that could not even be started, as in a shell.</summary>
    public const int NotStarted = 127;

    /// <summary>Starts a program that goes on.</summary>
    public static Process Start(IReadOnlyList<string> command) => Process.Start(Describe(command))!;

    /// <summary>Runs a short program to its end.</summary>
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

    /// <summary>A start description without what the program does not need of the caller's environment.</summary>
    public static ProcessStartInfo Describe(IReadOnlyList<string> command)
    {
        // The working directory is one that every user can enter: the caller's own may be closed to the server's user.
        var info = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, WorkingDirectory = "/" };
        ChildEnvironment.Reduce(info.Environment, command[0]);
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
