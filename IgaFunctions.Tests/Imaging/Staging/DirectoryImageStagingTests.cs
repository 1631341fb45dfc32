using Iga.Imaging;
using Iga.Imaging.Staging;

namespace Iga.Tests.Imaging.Staging;

public sealed class DirectoryImageStagingTests : ImageStagingContract, IDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), $"iga-staging-{Guid.NewGuid():N}", "new");
    private readonly DirectoryImageStaging staging;

    public DirectoryImageStagingTests() => staging = new(new(directory, null));

    private protected override IImageStaging Staging => staging;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(directory)!, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("x")]
    public async Task A_damaged_picture_is_not_found_and_is_replaced(string content)
    {
        var task = Guid.NewGuid();
        await File.WriteAllTextAsync(Path.Combine(directory, task.ToString()), content);

        Assert.Null(await staging.FindAsync(task, CancellationToken.None));
        var staged = await staging.StageAsync(task, Pictures.Png(1_000), ImageFormat.Png, CancellationToken.None);

        Assert.Equal(staged, await staging.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_cut_off_write_left_is_not_found_but_listed_and_dropped()
    {
        var task = Guid.NewGuid();
        await File.WriteAllBytesAsync(Path.Combine(directory, "partial", $"{task}.0123"), Pictures.Png(500));
        await File.WriteAllTextAsync(Path.Combine(directory, "README"), "not ours");

        Assert.Null(await staging.FindAsync(task, CancellationToken.None));
        Assert.Equal([task], await staging.ListAsync(CancellationToken.None).Select(e => e.TaskId).ToListAsync());
        await staging.DropAsync(task, CancellationToken.None);

        Assert.Equal(["README"], Directory.EnumerateFiles(directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Staging_leaves_one_file_and_nothing_temporary()
    {
        var task = Guid.NewGuid();
        await staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png, CancellationToken.None);

        Assert.Equal([task.ToString()], Directory.EnumerateFiles(directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_picture_outlives_the_process_that_staged_it()
    {
        var task = Guid.NewGuid();
        var staged = await staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png, CancellationToken.None);

        Assert.Equal(staged, await new DirectoryImageStaging(new(directory, null)).FindAsync(task, CancellationToken.None));
    }
}
