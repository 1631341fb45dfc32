using System.Diagnostics;

namespace Iga.Bench.Systems;

/// <summary>Runs a program to its end.</summary>
internal static class ProgramOutput
{
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="MeasureFailedException">It did not succeed.</exception>
    public static async Task<string> OfAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        LocalHostProgram.RemoveOwnVariables(info);
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new MeasureFailedException(
            $"{program}: {(await errors is { Length: > 0 } said ? said : string.Join('\n', output.Split('\n').TakeLast(20)))}");
    }
}
