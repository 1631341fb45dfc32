using Iga.Embedded;
using Iga.Images;
using Iga.LocalHost.Host;
using Iga.Postgres;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

/// <summary>What waits between the model and the bucket is for nobody else to read or to replace.</summary>
public sealed class PrivateStagingTests : IDisposable
{
    private readonly StagingDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task What_is_staged_is_this_users_alone_also_where_an_earlier_version_left_it_open()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes");
            return;
        }

        const UnixFileMode open = (UnixFileMode)0b111_111_111;
        foreach (var folder in (string[])[_disk.Shared, _disk.Own])
        {
            File.SetUnixFileMode(folder, open);
        }

        using var next = _disk.New(_disk.Database);
        await next.StageAsync(Guid.NewGuid(), Pictures.Png(500), ImageFormat.Png);
        using var room = await next.ReserveAsync(null, CancellationToken.None);

        var all = new DirectoryInfo(_disk.Shared).GetFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(_disk.Shared)).ToList();
        Assert.True(all.OfType<FileInfo>().Count() >= 3);
        Assert.All(all, item => Assert.Equal(
            (item is DirectoryInfo ? "0700" : "0600", item.FullName), (Convert.ToString((int)item.UnixFileMode, 8).PadLeft(4, '0'), item.FullName)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_of_another_user_is_refused_and_named(bool isBehindLink)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give a folder away");
        var theirs = Directory.CreateTempSubdirectory("iga-theirs-").FullName;
        (await ServerAccount.ForAsync(null, CancellationToken.None)).Give(theirs);
        var folder = isBehindLink ? Directory.CreateSymbolicLink(Path.Combine(_disk.Shared, "link"), theirs).FullName : theirs;

        var refused = Assert.Throws<UnauthorizedAccessException>(() =>
            new DirectoryImageStaging(new(folder, null), new DatabaseIdentity(_ => Task.FromResult(_disk.Database))));

        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_STAGING_DIR", StartFailure.Describe(refused), StringComparison.Ordinal);
        Directory.Delete(theirs);
    }
}
