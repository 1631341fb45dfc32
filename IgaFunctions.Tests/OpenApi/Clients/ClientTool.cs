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

    public static async Task RequireKiotaAsync()
    {
        var version = await StartAsync("dotnet", ["tool", "run", "kiota", "--version"], Folder, []);
        Prerequisite.Require(
            version.ExitCode == 0, "Kiota is not installed: dotnet tool restore --tool-manifest IgaFunctions.Tests/OpenApi/Clients/dotnet-tools.json");
    }

    /// <returns>The output, less errors.</returns>
    public static async Task<string> RunAsync(string program, string[] arguments, string folder, Dictionary<string, string> variables) =>
        (await StartAsync(program, arguments, folder, variables)).OutputOf($"{program} {string.Join(' ', arguments)}");

    private static async Task<ProgramRun> StartAsync(string program, string[] arguments, string folder, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };

        // Kiota asks GitHub for a newer version of itself, and tells its makers of its use.
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
        start.Environment["KIOTA_TELEMETRY_OPTOUT"] = "true";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return await ProgramRun.RunAsync(start, Timeout);
    }
}
