using System.Diagnostics;
using System.Text.Json;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.RealClients;

/// <summary>
/// Runs a script of this folder with Google's own clients for Node, which <c>npm ci --prefix IgaFunctions.Tests/RealClients</c> installs.
/// Without them the test is skipped.
/// </summary>
internal static class NodeScript
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    /// <summary>The clients say 22; they were seen to work with this one too.</summary>
    private const int OldestNode = 20;

    private static readonly Lazy<Task<int>> NodeVersion = new(ReadVersionAsync);

    /// <param name="script">The file's name; with its folder below the tests where it is in another one than this, with clients of its own.</param>
    /// <param name="variables">Of the environment, beside those that Node itself needs: no credentials of the machine reach a client.</param>
    /// <returns>What the script writes as JSON in the last line of its output.</returns>
    public static async Task<JsonElement> RunAsync(string script, IReadOnlyDictionary<string, string> variables)
    {
        var folder = Path.GetDirectoryName(script) is { Length: > 0 } other ? other : "RealClients";
        var path = Path.Combine(Sources.Root, "IgaFunctions.Tests", folder);
        Prerequisite.Require(
            Directory.Exists(Path.Combine(path, "node_modules")), $"what the script needs is not installed: npm ci --prefix IgaFunctions.Tests/{folder}");
        Assert.SkipUnless(await NodeVersion.Value >= OldestNode, $"the clients need Node {OldestNode}");
        var start = new ProcessStartInfo("node", [Path.Combine(path, Path.GetFileName(script))]);
        var programs = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = programs;
        start.Environment["HOME"] = Path.GetTempPath();
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var output = (await ProgramRun.RunAsync(start, Timeout)).OutputOf(script);
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement;
    }

    /// <returns>The major version; 0 where there is no Node.</returns>
    private static async Task<int> ReadVersionAsync()
    {
        var run = await ProgramRun.TryAsync(new ProcessStartInfo("node", ["--version"]));
        return run is null ? 0 : int.Parse(run.Output.TrimStart('v').Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
    }
}
