using Iga.Tests.Embedded;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Security;

/// <summary>Whatever umask it is started with, no other user of the machine reads pictures or puts others in their place.</summary>
public sealed class PrivateFolderTests : IDisposable
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("000")]
    [InlineData("077")]
    public async Task Pictures_are_this_users_alone_and_no_folder_above_them_takes_others_files(string umask)
    {
        await using var service = ServiceProcess.StartAfter($"umask {umask}", new Dictionary<string, string?>
        {
            ["IGA_PORT"] = "0",
            ["IGA_LOCAL_DIR"] = _folder["deep", "local"],
            ["IGA_STAGING_DIR"] = _folder["staging", "of", "iga"],
        });
        using HttpClient client = new() { BaseAddress = await service.ReadyAsync() };

        var ended = await client.GenerateAsync(Caller.NewKey(), new { prompt = "a secret garden" });

        Assert.Equal("SUCCESS", ended.GetProperty("status").GetString());
        DirectoryInfo pictures = new(_folder["deep", "local", "gcs"]), staged = new(_folder["staging", "of", "iga"]);
        Assert.Contains(pictures.GetFiles("*.png", SearchOption.AllDirectories), file => file.Length > 0);
        foreach (var item in Within(pictures).Concat(Within(staged)))
        {
            Assert.Equal((item is DirectoryInfo ? TemporaryFolder.Closed : TemporaryFolder.Closed & ~UnixFileMode.UserExecute, item.FullName), (item.UnixFileMode, item.FullName));
        }

        Assert.All(
            (DirectoryInfo[])[pictures.Parent!, pictures.Parent!.Parent!, staged.Parent!, staged.Parent!.Parent!, new(_folder["deep", "local", "postgres"])],
            folder => Assert.Equal((UnixFileMode.None, folder.FullName), (folder.UnixFileMode & OthersWrite, folder.FullName)));
        Assert.Equal(0, await service.StopAsync());
    }

    private static IEnumerable<FileSystemInfo> Within(DirectoryInfo folder) =>
        folder.GetFileSystemInfos("*", SearchOption.AllDirectories).Prepend(folder);
}
