using System.Runtime.InteropServices;

namespace Iga.Staging;

/// <summary>Refuses folders of other users: who owns a folder can read and replace what lies in it, and so what is delivered.</summary>
public static class FolderOwner
{
    private const int Root = 0;

    /// <summary>statx(2): relative to the current folder, and of a link itself.</summary>
    private const int CurrentFolder = -100, OfLink = 0x100, UserIdWanted = 0x8;

    /// <summary>Makes the folder if it is not there, for this user alone; one of this user's that others may enter is closed to them.</summary>
    /// <exception cref="UnauthorizedAccessException">It belongs to another user, or it can't be made.</exception>
    public static void MakeOwn(string folder)
    {
        PrivateFiles.CreateFolder(folder);
        Refuse(folder);
        if (!OperatingSystem.IsWindows() && (OperatingSystem.IsMacOS() || UserIdOf(folder, 0) == GetUserId()))
        {
            // A folder of root's that all may write to, such as a volume of Kubernetes, stays as it is: what lies in it is closed.
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Refuses a folder, or a link to one, that belongs neither to this user nor to root.</summary>
    /// <exception cref="UnauthorizedAccessException">It does.</exception>
    public static void Refuse(string folder)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(folder))
        {
            return;
        }

        foreach (var flags in (int[])[OfLink, 0])
        {
            if (UserIdOf(folder, flags) is { } owner and not Root && owner != GetUserId())
            {
                throw new UnauthorizedAccessException(
                    $"The folder {folder} belongs to another user (id {owner}), who could read and replace what lies in it.");
            }
        }
    }

    /// <returns>Null where it can't be told.</returns>
    private static int? UserIdOf(string path, int flags)
    {
        // struct statx is the same on every Linux: 256 bytes, the user's id at 20.
        var answer = new byte[256];
        return OperatingSystem.IsLinux() && Status(CurrentFolder, path, flags, UserIdWanted, answer) == 0
            ? BitConverter.ToInt32(answer, 20) : null;
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUserId();

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Status(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, byte[] answer);
}
