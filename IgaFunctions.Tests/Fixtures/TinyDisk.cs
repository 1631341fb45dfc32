using System.Diagnostics;

namespace Iga.Tests.Fixtures;

/// <summary>A file system of a few megabytes, which a test can fill. Root on Linux may make one; elsewhere the test is skipped.</summary>
internal sealed class TinyDisk : IDisposable
{
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("iga-tiny-disk-");

    private TinyDisk()
    {
    }

    public string Folder => _mount.FullName;

    private string Filler => Path.Combine(Folder, "filler");

    public static TinyDisk Mount(int megabytes)
    {
        var disk = new TinyDisk();
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess
            || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", disk.Folder))
        {
            disk._mount.Delete();
            Assert.Skip("only root on Linux may mount a file system, and not in every container");
        }

        return disk;
    }

    /// <summary>Leaves not a byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        Assert.Throws<IOException>(() => WriteForEver(file));
    }

    public void Empty() => File.Delete(Filler);

    /// <summary>As the kernel does on an error of the disk.</summary>
    public void MakeReadOnly(bool isReadOnly) =>
        Assert.True(Run("mount", "-o", $"remount,{(isReadOnly ? "ro" : "rw")}", Folder));

    public void Dispose()
    {
        // Also where a file is still open.
        Run("umount", "--lazy", Folder);
        _mount.Delete();
    }

    private static void WriteForEver(FileStream file)
    {
        var block = new byte[4096];
        while (true)
        {
            file.Write(block);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        return process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }
}
