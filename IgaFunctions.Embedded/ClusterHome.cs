using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Iga.Embedded;

/// <summary>Where the cluster and what belongs to it lie, and whom they belong to.</summary>
/// <param name="StateRoot">
/// The base directory, or the folder that takes its place when the server's user may not enter the base directory.
/// </param>
/// <param name="Account">The user that the server runs as.</param>
internal sealed partial record ClusterHome(string StateRoot, ServerAccount Account)
{
    private const string LocationFile = "location-id";

    private const UnixFileMode Listable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private string Folder => Path.Combine(StateRoot, "postgres");

    /// <summary>Holds the data and its password. It appears in one step, whole, or it isn't there.</summary>
    public string Cluster => Path.Combine(Folder, "cluster");

    public string Data => Path.Combine(Cluster, "data");

    public string PasswordFile => Path.Combine(Cluster, "password");

    /// <summary>The port of the last start; the next one takes it again when it is free.</summary>
    public string PortFile => Path.Combine(Cluster, "port");

    /// <summary>What the server writes to its standard error.</summary>
    public string Log => Path.Combine(Folder, "postgres.log");

    /// <summary>Held exclusively by whoever sets up, starts or stops the server.</summary>
    public string StartLock => Path.Combine(Folder, "start.lock");

    /// <summary>Held shared by every host that uses the server.</summary>
    public string UsersLock => Path.Combine(Folder, "users.lock");

    /// <summary>Held by the server itself and its children, whatever container they run in.</summary>
    public string ServerLock => Path.Combine(Folder, "server.lock");

    /// <summary>Where npm puts binaries: <c>node_modules</c> lies in it.</summary>
    public string Npm => Path.Combine(StateRoot, "npm");

    public bool HasCluster => Directory.Exists(Data);

    /// <summary>A name for a folder that becomes <see cref="Cluster"/> or <see cref="Npm"/> once it is whole.</summary>
    public static string Unfinished(string folder) => $"{folder}.new-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";

    /// <summary>Deletes what crashed attempts left of a folder. Call it with <see cref="StartLock"/> held.</summary>
    public static void DeleteUnfinished(string folder)
    {
        foreach (var left in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!, $"{Path.GetFileName(folder)}.new-*"))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    /// <summary>Creates a folder, and those above it that are missing, which other users may enter and list, but not write.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException();
        }

        if (Directory.Exists(folder))
        {
            return;
        }

        if (Path.GetDirectoryName(folder) is { Length: > 0 } above)
        {
            Create(above);
        }

        // CreateDirectory gives its mode to the last folder alone.
        Directory.CreateDirectory(folder, Listable);
        if (Environment.IsPrivilegedProcess)
        {
            // Root's server runs as another user, who has to enter it whatever the umask.
            File.SetUnixFileMode(folder, Listable);
        }
    }

    /// <summary>Settles on a place for the cluster and creates its folder.</summary>
    /// <exception cref="EmbeddedServiceException">There is no user or no place for the server.</exception>
    /// <exception cref="IOException">The base directory can't be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The base directory can't be created.</exception>
    public static async Task<ClusterHome> OpenAsync(EmbeddedPostgresOptions options, CancellationToken cancellationToken)
    {
        var baseDirectory = Path.GetFullPath(options.BaseDirectory);
        var home = await AtAsync(baseDirectory, cancellationToken);
        if (await home.Account.EnterAsync(home.Folder, cancellationToken) is { } folder)
        {
            return home with { StateRoot = Path.GetDirectoryName(folder)! };
        }

        if (home.HasCluster || home.Account.IsCaller)
        {
            throw new EmbeddedServiceException(
                $"The user '{home.Account.Name}', whom PostgreSQL runs as, can't enter {home.Folder}. "
                + "Allow it (chmod o+x on the folder and those above it), or set IGA_LOCAL_DIR to another folder.");
        }

        var other = await AtAsync(Path.Combine(options.RelocationRoot, LocationId(home.Folder)), cancellationToken);
        return await other.Account.EnterAsync(other.Folder, cancellationToken) is { } otherFolder
            ? Told(other with { StateRoot = Path.GetDirectoryName(otherFolder)! })
            : throw new EmbeddedServiceException(
                $"The user '{other.Account.Name}', whom PostgreSQL runs as, can enter neither {home.Folder} nor {other.Folder}. "
                + "Set IGA_LOCAL_DIR to a folder that it can enter.");

        ClusterHome Told(ClusterHome relocated)
        {
            options.Tell(
                $"PostgreSQL runs as '{relocated.Account.Name}', who may not enter {baseDirectory}: "
                + $"its data is kept in {relocated.StateRoot}.");
            return relocated;
        }
    }

    private static async Task<ClusterHome> AtAsync(string stateRoot, CancellationToken cancellationToken)
    {
        var home = new ClusterHome(stateRoot, ServerAccount.Caller);
        Create(home.Folder);
        return home with { Account = await ServerAccount.ForAsync(home.HasCluster ? home.Data : null, cancellationToken) };
    }

    /// <summary>
    /// What ties a base directory to its relocated cluster. It is random and kept in the base directory, so that whoever
    /// deletes that directory starts anew, and whoever moves it keeps the data.
    /// </summary>
    private static string LocationId(string folder)
    {
        var file = Path.Combine(folder, LocationFile);
        var fresh = Path.Combine(folder, $"{LocationFile}.{Environment.ProcessId}.{Guid.NewGuid():N}");
        if (!File.Exists(file))
        {
            File.WriteAllText(fresh, RandomNumberGenerator.GetHexString(16, lowercase: true));
            try
            {
                File.Move(fresh, file);
            }
            catch (IOException) when (File.Exists(file)) // another process was faster
            {
                File.Delete(fresh);
            }
        }

        var id = File.ReadAllText(file).Trim();
        return LocationPattern().IsMatch(id)
            ? id
            : throw new EmbeddedServiceException($"{file} is damaged. Delete it to start with an empty database.");
    }

    [GeneratedRegex("^[0-9a-f]{16}$")]
    private static partial Regex LocationPattern();
}
