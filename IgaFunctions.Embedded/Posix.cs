using System.Runtime.InteropServices;

namespace Iga.Embedded;

/// <summary>The few system calls that .NET has no API for. Linux and macOS.</summary>
internal static class Posix
{
    /// <summary>PostgreSQL's fast shutdown: sessions are ended, everything is written, no recovery at the next start.</summary>
    public const int SigInt = 2;

    /// <summary>PostgreSQL's immediate shutdown: like a crash, the next start recovers.</summary>
    public const int SigQuit = 3;

    private const int NoSuchProcess = 3;

    /// <summary>Whether there is a process of that id, ended but unreaped ones included.</summary>
    public static bool Exists(int processId) => Kill(processId, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    /// <returns>False when the process has gone.</returns>
    public static bool Signal(int processId, int signal) => Kill(processId, signal) == 0;

    /// <exception cref="IOException">The owner can't be changed.</exception>
    public static void ChangeOwner(string path, int userId, int groupId)
    {
        if (ChangeOwnerCore(path, userId, groupId) != 0)
        {
            throw new IOException($"The owner of {path} can't be changed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);

    [DllImport("libc", EntryPoint = "lchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeOwnerCore(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int userId, int groupId);
}
