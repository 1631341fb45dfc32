using System.Diagnostics;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.OpenApi.Clients;

/// <summary>Runs what makes clients: Node's packages and the .NET tool that this folder pins. Without them a test is skipped.</summary>
internal static class ClientTool
{
    public static readonly string Folder = Path.Combine(Sources.Root, "IgaFunctions.Tests", "OpenApi", "Clients");

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    public static string Modules => Path.Combine(Folder, "node_modules");

    public static void RequireModules() => Prerequisite.Require(
        Directory.Exists(Modules), "What makes clients is not installed: npm ci --prefix IgaFunctions.Tests/OpenApi/Clients");

    public static async Task RequireKiotaAsync(CancellationToken cancellationToken)
    {
        var (exitCode, _) = await TryAsync("dotnet", ["tool", "run", "kiota", "--version"], Folder, [], cancellationToken);
        Prerequisite.Require(
            exitCode == 0, "Kiota is not installed: dotnet tool restore --tool-manifest IgaFunctions.Tests/OpenApi/Clients/dotnet-tools.json");
    }

    /// <returns>The output, less errors.</returns>
    public static async Task<string> RunAsync(
        string program, string[] arguments, string folder, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await TryAsync(program, arguments, folder, variables, cancellationToken);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> TryAsync(
        string program, string[] arguments, string folder, Dictionary<string, string> variables, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Kiota asks GitHub for a newer version of itself, and tells its makers of its use.
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
        start.Environment["KIOTA_TELEMETRY_OPTOUT"] = "true";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
