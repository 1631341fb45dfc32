using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Iga.Staging;

/// <summary>What the platform offers for files and .NET does not.</summary>
internal static class DiskFiles
{
    /// <summary>EINTR.</summary>
    private const int Interrupted = 4;

    /// <summary>ENOSYS, EOPNOTSUPP of Linux: the file system can't be asked for blocks, such as NFS before 4.2.</summary>
    private static readonly int[] NotSupported = [38, 95];

    /// <summary>W_OK.</summary>
    private const int WriteAccess = 2;

    /// <summary>Sees to it that so much can be written to the file, whoever else fills the disk meanwhile.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be written.</exception>
    public static void Allocate(string path, long bytes)
    {
        using var file = new FileStream(path, PrivateFiles.Options(FileMode.OpenOrCreate));
        if (file.Length >= bytes)
        {
            return;
        }

        // The off_t of the library's function has 32 bits where the process has.
        while (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            if (AllocateBlocks(file.SafeFileHandle, 0, 0, bytes) == 0)
            {
                return;
            }

            var error = Marshal.GetLastPInvokeError();
            if (NotSupported.Contains(error))
            {
                break;
            }

            if (error != Interrupted)
            {
                throw new IOException($"There is no room for a picture of {bytes} bytes: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }

        // No promise, but all that can be known here.
        if (new DriveInfo(path).AvailableFreeSpace is var free && free < bytes)
        {
            throw new IOException($"There is no room for a picture of {bytes} bytes: {free} are free");
        }
    }

    /// <summary>Whether the file is there and may be written: on a disk that has become read-only it may not.</summary>
    public static bool IsWritable(string path) => OperatingSystem.IsWindows() ? File.Exists(path) : Access(path, WriteAccess) == 0;

    /// <summary>Waits until the file's content is on the disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Sync(FileStream file)
    {
        if (!OperatingSystem.IsLinux())
        {
            file.Flush(flushToDisk: true);
            return;
        }

        // Not fsync, which also waits until the time of the change is in the file system's journal.
        while (SyncData(file.SafeFileHandle) != 0)
        {
            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw new IOException($"The picture could not be written to the disk: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <summary>Deletes a file, if it and its folder are there.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has removed the folder, and the file with it.
        }
    }

    /// <summary>Gives a file its final name. On most file systems the file may keep its first name as well.</summary>
    /// <returns>False when a file of that name is there already. One of two writers succeeds.</returns>
    public static bool TryPutInPlace(string written, string path)
    {
        // On Unix File.Move looks first and renames then, so that two writers can both succeed; a link is atomic.
        if (!OperatingSystem.IsWindows())
        {
            if (Link(written, path) == 0)
            {
                return true;
            }

            if (File.Exists(path))
            {
                return false;
            }
        }

        // Also where the file system knows no links.
        try
        {
            File.Move(written, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SyncData(SafeFileHandle file);

    [DllImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int AllocateBlocks(SafeFileHandle file, int mode, long offset, long length);

    [DllImport("libc", EntryPoint = "access", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
