using Iga.Images;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

public sealed class DirectoryImageStagingTests : ImageStagingContract, IDisposable
{
    private readonly StagingDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    private protected override IImageStaging StagingOf(Guid database) => _disk.New(database);

    private protected override Task LeaveAsVersion1Async(Guid taskId, byte[] picture) =>
        File.WriteAllBytesAsync(Path.Combine(_disk.Shared, taskId.ToString()), picture);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("x")]
    public async Task A_damaged_picture_is_not_found_and_is_replaced(string content)
    {
        var task = Guid.NewGuid();
        await File.WriteAllTextAsync(Path.Combine(_disk.Own, task.ToString()), content);

        Assert.Null(await _disk.Staging.FindAsync(task, CancellationToken.None));
        var staged = await _disk.Staging.StageAsync(task, Pictures.Png(1_000), ImageFormat.Png);

        Assert.Equal(staged, await _disk.Staging.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_that_somebody_removed_is_made_again_and_keeps_no_task_from_ending()
    {
        var (released, dropped, next) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _disk.Staging.StageAsync(released, Pictures.Png(500), ImageFormat.Png);
        await _disk.Staging.ReleaseAsync(released, CancellationToken.None);
        Directory.Delete(_disk.Shared, recursive: true);

        await _disk.Staging.DropAsync(dropped, CancellationToken.None);
        var staged = await _disk.Staging.StageAsync(next, Pictures.Png(500), ImageFormat.Png);
        Assert.Equal(staged, await _disk.Staging.FindAsync(next, CancellationToken.None));

        await _disk.Staging.ReleaseAsync(next, CancellationToken.None);
        Assert.Empty(await _disk.Staging.ListAsync(CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task What_a_cut_off_write_left_is_not_found_but_listed_and_dropped()
    {
        var task = Guid.NewGuid();
        foreach (var folder in (string[])[_disk.Own, _disk.Shared])
        {
            Directory.CreateDirectory(Path.Combine(folder, "partial"));
            await File.WriteAllBytesAsync(Path.Combine(folder, "partial", $"{task}.0123"), Pictures.Png(500));
        }

        await File.WriteAllTextAsync(Path.Combine(_disk.Own, "README"), "not ours");

        Assert.Null(await _disk.Staging.FindAsync(task, CancellationToken.None));
        Assert.Equal([task, task], await _disk.Staging.ListAsync(CancellationToken.None).Select(e => e.TaskId).ToListAsync());
        await _disk.Staging.DropAsync(task, CancellationToken.None);

        Assert.Equal(["README"], StagingDirectory.FilesIn(_disk.Shared).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Staging_leaves_one_file_and_nothing_temporary()
    {
        var task = Guid.NewGuid();
        await _disk.Staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal([task.ToString()], Directory.EnumerateFiles(_disk.Own).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_picture_outlives_the_process_that_staged_it()
    {
        var task = Guid.NewGuid();
        var staged = await _disk.Staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal(staged, await _disk.New(_disk.Database).FindAsync(task, CancellationToken.None));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(500)]
    [InlineData(90_000)]
    public async Task The_file_of_a_released_picture_is_written_anew_for_another_of_any_size(int size)
    {
        await _disk.StageAndReleaseAsync(500);
        Assert.Single(_disk.Spares());
        Assert.Empty(await _disk.Staging.ListAsync(CancellationToken.None).ToListAsync());

        var (task, picture) = (Guid.NewGuid(), Pictures.Png(size, seed: 2));
        var staged = await _disk.Staging.StageAsync(task, picture, ImageFormat.Png);

        Assert.Empty(_disk.Spares());
        Assert.Equal(picture, await File.ReadAllBytesAsync(Path.Combine(_disk.Own, task.ToString())));
        Assert.Equal(staged, await _disk.Staging.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task A_picture_that_is_dropped_leaves_no_file()
    {
        var task = Guid.NewGuid();
        await _disk.Staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        await _disk.Staging.DropAsync(task, CancellationToken.None);

        Assert.Empty(StagingDirectory.FilesIn(_disk.Own).Except(_disk.Rooms()));
    }

    [Fact]
    public async Task Who_still_reads_a_released_picture_never_reads_another()
    {
        var (task, picture) = (Guid.NewGuid(), Pictures.Png(90_000));
        await _disk.Staging.StageAsync(task, picture, ImageFormat.Png);
        await using var content = (await _disk.Staging.OpenAsync(task, CancellationToken.None))!;

        await _disk.Staging.ReleaseAsync(task, CancellationToken.None);
        await _disk.Staging.StageAsync(Guid.NewGuid(), Pictures.Png(80_000, seed: 2), ImageFormat.Png);

        Assert.Empty(_disk.Spares());
        var read = new MemoryStream();
        await content.CopyToAsync(read);
        Assert.Equal(picture, read.ToArray());
    }

    [Fact]
    public async Task Spare_files_are_used_again_and_none_is_left_when_the_service_stops_or_starts_again()
    {
        foreach (var task in Enumerable.Range(0, 2).Select(_ => Guid.NewGuid()))
        {
            await _disk.Staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);
            await _disk.Staging.ReleaseAsync(task, CancellationToken.None);
        }

        Assert.Single(_disk.Spares());

        _disk.Staging.Dispose();
        Assert.Empty(_disk.Spares().Concat(_disk.Rooms()));

        await _disk.StageAndReleaseAsync(500);
        Directory.CreateDirectory(Path.Combine(_disk.Shared, "spare"));
        await File.WriteAllTextAsync(Path.Combine(_disk.Shared, "spare", "of version 1"), "");
        using var next = _disk.New(_disk.Database);
        Assert.Null(await next.FindAsync(Guid.NewGuid(), CancellationToken.None));
        Assert.Empty(_disk.Spares());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_disk.Shared, "spare")));

        // The first one's spare file is gone; it makes a new one.
        await _disk.StageAndReleaseAsync(500);
        Assert.Single(_disk.Spares());
    }
}
