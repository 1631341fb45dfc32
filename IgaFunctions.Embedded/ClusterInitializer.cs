using System.Security.Cryptography;

namespace Iga.Embedded;

/// <summary>Makes a new cluster with initdb, whole or not at all.</summary>
internal sealed class ClusterInitializer(EmbeddedPostgresOptions options, ClusterHome home)
{
    public const string Superuser = "iga";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Call it with <see cref="ClusterHome.StartLock"/> held.</summary>
    /// <exception cref="EmbeddedServiceException">initdb failed.</exception>
    public async Task CreateAsync(PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        ClusterHome.DeleteUnfinished(home.Cluster);
        if (Directory.Exists(home.Cluster)) // no data in it, or it would not be made anew: someone deleted just those
        {
            Directory.Delete(home.Cluster, recursive: true);
        }

        var unfinished = ClusterHome.Unfinished(home.Cluster);
        try
        {
            await FillAsync(unfinished, binaries, cancellationToken);
            Directory.Move(unfinished, home.Cluster);
        }
        catch
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            throw;
        }
    }

    private async Task FillAsync(string folder, PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        var data = Path.Combine(folder, Path.GetFileName(home.Data));
        ClusterHome.Create(folder);
        Directory.CreateDirectory(data);
        home.Account.Give(data);

        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        await WriteSecretAsync(Path.Combine(folder, Path.GetFileName(home.PasswordFile)), password, cancellationToken);
        var forInitDb = Path.Combine(folder, "initdb-password");
        await WriteSecretAsync(forInitDb, password, cancellationToken);
        home.Account.Give(forInitDb);

        var command = home.Account.Command(
        [
            binaries.InitDb, "--pgdata", data, "--username", Superuser, "--encoding", "UTF8", "--locale", "C",
            "--auth", "scram-sha-256", "--pwfile", forInitDb,
            .. options.ServerSettings.GetValueOrDefault("fsync") == "off" ? ["--no-sync"] : Array.Empty<string>(),
        ]);
        var (exitCode, output) = await ChildProcess.RunAsync(command, TimeSpan.FromMinutes(2), cancellationToken);
        if (exitCode != 0)
        {
            var advice = output.Contains("No space left", StringComparison.Ordinal)
                ? $"The disk is full: free 100 MB, or set IGA_LOCAL_DIR to a folder on another disk than {folder}."
                : "Nothing of it was kept: once the cause is gone, just start again.";
            throw new EmbeddedServiceException(
                $"The database could not be set up: {binaries.InitDb} ended with {exitCode}.\n{LogTail.Of(output, 8)}\n{advice}");
        }

        File.Delete(forInitDb);
    }

    private static async Task WriteSecretAsync(string file, string secret, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        await using var stream = new FileStream(
            file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(secret.AsMemory(), cancellationToken);
    }
}
