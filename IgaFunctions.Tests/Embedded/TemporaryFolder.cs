namespace Iga.Tests.Embedded;

/// <summary>A folder of its own for one test; unlike the system's temporary folders, any user may enter it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public const UnixFileMode Open = Closed
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public TemporaryFolder()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"iga-test-{Guid.NewGuid():N}");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the embedded PostgreSQL runs on Linux and macOS");
        Directory.CreateDirectory(Path);
        SetMode(Path, Open);
    }

    public string Path { get; }

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    /// <summary>Writes a shell script that can be executed, in a folder that any user may enter.</summary>
    public string Script(string folder, string name, string text)
    {
        Directory.CreateDirectory(this[folder]);
        SetMode(this[folder], Open);
        File.WriteAllText(this[folder, name], $"#!/bin/sh\n{text}\n");
        SetMode(this[folder, name], Open);
        return this[folder];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
