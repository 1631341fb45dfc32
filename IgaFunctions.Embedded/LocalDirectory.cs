namespace Iga.Embedded;

/// <summary>
/// Where <c>.local/</c> is: the folder of everything that the local host keeps on this machine. It is the same one from
/// whatever directory the host is started.
/// </summary>
internal static class LocalDirectory
{
    private static readonly string[] Landmarks = ["host.json", "Iga.Functions.sln"];

    /// <param name="configured">The value of IGA_LOCAL_DIR: the folder itself, relative to the current directory.</param>
    /// <returns>An absolute path; the folder need not exist yet.</returns>
    public static string Resolve(string? configured) => string.IsNullOrWhiteSpace(configured)
        ? Path.Combine(ProjectRoot(AppContext.BaseDirectory) ?? Environment.CurrentDirectory, ".local")
        : Path.GetFullPath(configured.Trim());

    /// <summary>Makes a folder in it, and those above; other users, such as that of root's server, may enter and list them.</summary>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be made.</exception>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            ClusterHome.Create(folder);
        }
    }

    /// <summary>Walks up from a folder to the one that holds this project's solution and host.json.</summary>
    /// <returns>An absolute path, or null when the program was published away from its sources.</returns>
    public static string? ProjectRoot(string startDirectory)
    {
        for (var folder = new DirectoryInfo(Path.GetFullPath(startDirectory)); folder is not null; folder = folder.Parent)
        {
            if (Landmarks.All(name => File.Exists(Path.Combine(folder.FullName, name))))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
