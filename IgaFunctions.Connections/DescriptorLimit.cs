using System.Runtime.InteropServices;

namespace Iga.Connections;

/// <summary>How many files and sockets this process may have open at once. Linux and macOS.</summary>
public static class DescriptorLimit
{
    private static readonly int Resource = OperatingSystem.IsMacOS() ? 8 : 7; // RLIMIT_NOFILE

    /// <summary>
    /// The limit in force, which .NET raises to the hard limit (<c>ulimit -Hn</c>) when it starts; as good as none where the
    /// system does not tell.
    /// </summary>
    public static int Current =>
        !OperatingSystem.IsWindows() && GetLimit(Resource, out var limits) == 0 && limits.InForce < int.MaxValue
            ? (int)limits.InForce
            : int.MaxValue;

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Limits
    {
        public readonly nuint InForce;
        public readonly nuint Hard;
    }
}
