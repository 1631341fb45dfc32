using Iga.Tests.Fixtures;
using Iga.Tests.Security;

namespace Iga.Tests.Embedded;

public sealed class SecondServiceTests
{
    [Fact]
    public async Task A_second_one_on_the_same_folder_of_pictures_says_so_and_what_helps()
    {
        using TemporaryFolder folder = new();
        var settings = new Dictionary<string, string?>
        {
            ["IGA_PORT"] = "0",
            ["IGA_POSTGRES_DB_URL"] = await TestCluster.CreateDatabaseAsync(),
            ["IGA_LOCAL_DIR"] = folder.Path,
            ["IGA_STAGING_DIR"] = folder["staging"],
        };
        await using var first = ServiceProcess.Start(settings);
        await first.ReadyAsync();

        await using var second = ServiceProcess.Start(settings);

        Assert.Equal(1, await second.WaitForExitAsync());
        var told = Assert.Single(second.Errors);
        Assert.Contains("is in use by another emulator", told, StringComparison.Ordinal);
        Assert.Contains("set IGA_LOCAL_DIR", told, StringComparison.Ordinal);
    }
}
