using System.Globalization;
using System.Text.RegularExpressions;

namespace Iga.Embedded;

/// <summary>A folder that holds <c>postgres</c> and <c>initdb</c> which work on this machine for the server's user.</summary>
/// <param name="Version">The major version.</param>
internal sealed partial record PostgresBinaries(string Folder, int Version)
{
    /// <summary>The oldest major version that the service is tested with.</summary>
    public const int Oldest = 14;

    public string Server => Path.Combine(Folder, "postgres");

    public string InitDb => Path.Combine(Folder, "initdb");

    /// <returns>The binaries; else what is wrong with them, or neither when the folder holds none.</returns>
    public static async Task<(PostgresBinaries? Found, string? Fault)> ProbeAsync(
        string folder, ServerAccount account, CancellationToken cancellationToken)
    {
        var server = Path.Combine(folder, "postgres");
        if (!File.Exists(server))
        {
            return (null, null);
        }

        // A package manager may link just some of the programs into a folder of the PATH; the others lie by the target.
        folder = Path.GetDirectoryName(File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName ?? server)!;
        var binaries = new PostgresBinaries(folder, 0);
        if (!File.Exists(binaries.InitDb))
        {
            return (null, "has no initdb");
        }

        var (exitCode, output) = await ChildProcess.RunAsync(
            account.Command(binaries.Server, "--version"), TimeSpan.FromSeconds(10), cancellationToken);
        return VersionPattern().Match(output) switch
        {
            { Success: true } match when exitCode == 0 => Fit(binaries with
            {
                Version = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            }),
            _ => (null, $"does not run: {output.Split('\n')[0]}"),
        };
    }

    private static (PostgresBinaries? Found, string? Fault) Fit(PostgresBinaries binaries) =>
        binaries.Version >= Oldest ? (binaries, null) : (null, $"is version {binaries.Version}, {Oldest} or later is needed");

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex VersionPattern();
}
