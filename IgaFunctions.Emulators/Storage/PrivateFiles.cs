namespace Iga.Emulators.Storage;

/// <summary>Files and folders that nobody but this user may read, whatever the process's umask.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file to write and read it alone; a new one is this user's.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OfFile;
        }

        return new FileStream(path, options);
    }

    /// <summary>Creates the folder, and those above it that are missing.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        // CreateDirectory gives its mode to the last folder alone.
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
        {
            CreateFolder(above);
        }

        Directory.CreateDirectory(path, OfFile | UnixFileMode.UserExecute);
    }
}
