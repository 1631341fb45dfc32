using Iga.Images;
using Iga.Postgres;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

/// <summary>A folder that pictures are staged in, until it is disposed.</summary>
internal sealed class StagingDirectory : IDisposable
{
    public StagingDirectory()
    {
        Shared = Path.Combine(Path.GetTempPath(), $"iga-staging-{Guid.NewGuid():N}", "new");
        Own = Path.Combine(Shared, Database.ToString("N"));
        Directory.CreateDirectory(Own);
        Staging = New(Database);
    }

    public Guid Database { get; } = Guid.NewGuid();

    /// <summary>What databases share.</summary>
    public string Shared { get; }

    /// <summary>The folder of <see cref="Database"/> in it.</summary>
    public string Own { get; }

    public DirectoryImageStaging Staging { get; }

    public TestTime Time { get; } = new();

    public DirectoryImageStaging New(Guid database) =>
        new(new(Shared, null), new DatabaseIdentity(_ => Task.FromResult(database)), Time);

    public async Task StageAndReleaseAsync(int size)
    {
        var task = Guid.NewGuid();
        await Staging.StageAsync(task, Pictures.Png(size), ImageFormat.Png);
        await Staging.ReleaseAsync(task, CancellationToken.None);
    }

    public string[] Spares() => [.. FilesIn(Path.Combine(Own, "spare")).Except(Rooms())];

    public string[] Rooms() => Directory.GetFiles(Path.Combine(Own, "spare"), "*.room");

    /// <summary>But those by which a process says that it lives.</summary>
    public static string[] FilesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)),
    ];

    public void Dispose()
    {
        Staging.Dispose();
        Directory.Delete(Path.GetDirectoryName(Shared)!, recursive: true);
    }
}
