using System.Diagnostics;

namespace Iga.Embedded;

/// <summary>
/// A lock between processes, and between several holders in one process. .NET makes it with flock(2), so the kernel lets
/// go of it when its holder dies, however it dies.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK of flock(2): 11 on Linux, 35 on macOS.
    private static readonly int[] WouldBlock = [11, 35];

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <returns>The lock, or null when someone holds it, shared or not.</returns>
    public static FileLock? TryExclusive(string path) => TryOpen(path, FileAccess.ReadWrite, FileShare.None);

    /// <returns>The lock, or null when someone holds it exclusively.</returns>
    public static FileLock? TryShared(string path) => TryOpen(path, FileAccess.Read, FileShare.Read);

    /// <returns>The lock, or null when it stayed taken for as long as <paramref name="timeout"/>.</returns>
    public static async Task<FileLock?> ExclusiveAsync(
        string path, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (TryExclusive(path) is { } taken)
            {
                return taken;
            }

            if (waited.Elapsed >= timeout)
            {
                return null;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(25), cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileLock? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, access, share, bufferSize: 0));
        }
        catch (IOException exception) when (WouldBlock.Contains(exception.HResult))
        {
            return null;
        }
    }
}
