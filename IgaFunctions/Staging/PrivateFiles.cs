using System.Runtime.Versioning;

namespace Iga.Staging;

/// <summary>Files and folders that nobody but this user may read, whatever the process's umask.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OfFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode OfFolder = OfFile | UnixFileMode.UserExecute;

    /// <summary>Others may enter and list, but not write.</summary>
    private const UnixFileMode OfFolderAbove = OfFolder
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>To write a file, unbuffered; a new one is this user's alone.</summary>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
        {
            options.UnixCreateMode = OfFile;
        }

        return options;
    }

    /// <summary>Creates the folder for this user alone; others may enter those above it that are missing.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            CreateFolder(path, OfFolder);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void CreateFolder(string path, UnixFileMode mode)
    {
        // CreateDirectory gives its mode to the last folder alone. Who may write above a folder can put another one in its place.
        if (Path.GetDirectoryName(path) is { Length: > 0 } above && !Directory.Exists(above))
        {
            CreateFolder(above, OfFolderAbove);
        }

        Directory.CreateDirectory(path, mode);
    }
}
