using System.ComponentModel;
using System.Diagnostics;

namespace Iga.Tests.Fixtures;

/// <summary>A program that ran to its end, and what it printed.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program to its end. At the deadline, a minute where none is given, it is killed with all that it started.</summary>
    /// <param name="input">All that is on its standard input.</param>
    public static async Task<ProgramRun> RunAsync(ProcessStartInfo start, TimeSpan? deadline = null, string input = "")
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(deadline ?? Deadline);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(time.Token);
            var errors = process.StandardError.ReadToEndAsync(time.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), time.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(time.Token);
            return new ProgramRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <returns>Null where the program is not installed.</returns>
    public static async Task<ProgramRun?> TryAsync(ProcessStartInfo start, TimeSpan? deadline = null, string input = "")
    {
        try
        {
            return await RunAsync(start, deadline, input);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <returns>What it printed, less errors, where it ended well, as it has to.</returns>
    public string OutputOf(string what)
    {
        Assert.True(ExitCode == 0, $"{what} ended with {ExitCode}:\n{Output}\n{Errors}");
        return Output;
    }
}
