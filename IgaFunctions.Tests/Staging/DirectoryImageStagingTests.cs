using Iga.Embedded;
using Iga.Images;
using Iga.LocalHost.Host;
using Iga.Postgres;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

public sealed class DirectoryImageStagingTests : ImageStagingContract, IDisposable
{
    private readonly Guid _database = Guid.NewGuid();
    private readonly string _shared = Path.Combine(Path.GetTempPath(), $"iga-staging-{Guid.NewGuid():N}", "new");
    private readonly string _directory;
    private readonly DirectoryImageStaging _staging;

    public DirectoryImageStagingTests()
    {
        _directory = Path.Combine(_shared, _database.ToString("N"));
        Directory.CreateDirectory(_directory);
        _staging = New(_database);
    }

    public void Dispose()
    {
        _staging.Dispose();
        Directory.Delete(Path.GetDirectoryName(_shared)!, recursive: true);
    }

    private protected override IImageStaging StagingOf(Guid database) => New(database);

    private protected override Task LeaveAsVersion1Async(Guid taskId, byte[] picture) =>
        File.WriteAllBytesAsync(Path.Combine(_shared, taskId.ToString()), picture);

    private DirectoryImageStaging New(Guid database) =>
        new(new(_shared, null), new DatabaseIdentity(_ => Task.FromResult(database)));

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("x")]
    public async Task A_damaged_picture_is_not_found_and_is_replaced(string content)
    {
        var task = Guid.NewGuid();
        await File.WriteAllTextAsync(Path.Combine(_directory, task.ToString()), content);

        Assert.Null(await _staging.FindAsync(task, CancellationToken.None));
        var staged = await _staging.StageAsync(task, Pictures.Png(1_000), ImageFormat.Png);

        Assert.Equal(staged, await _staging.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_that_somebody_removed_is_made_again_and_keeps_no_task_from_ending()
    {
        var (released, dropped, next) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await _staging.StageAsync(released, Pictures.Png(500), ImageFormat.Png);
        await _staging.ReleaseAsync(released, CancellationToken.None);
        Directory.Delete(_shared, recursive: true);

        await _staging.DropAsync(dropped, CancellationToken.None);
        var staged = await _staging.StageAsync(next, Pictures.Png(500), ImageFormat.Png);
        Assert.Equal(staged, await _staging.FindAsync(next, CancellationToken.None));

        await _staging.ReleaseAsync(next, CancellationToken.None);
        Assert.Empty(await _staging.ListAsync(CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task What_a_cut_off_write_left_is_not_found_but_listed_and_dropped()
    {
        var task = Guid.NewGuid();
        foreach (var folder in (string[])[_directory, _shared])
        {
            Directory.CreateDirectory(Path.Combine(folder, "partial"));
            await File.WriteAllBytesAsync(Path.Combine(folder, "partial", $"{task}.0123"), Pictures.Png(500));
        }

        await File.WriteAllTextAsync(Path.Combine(_directory, "README"), "not ours");

        Assert.Null(await _staging.FindAsync(task, CancellationToken.None));
        Assert.Equal([task, task], await _staging.ListAsync(CancellationToken.None).Select(e => e.TaskId).ToListAsync());
        await _staging.DropAsync(task, CancellationToken.None);

        Assert.Equal(["README"], FilesIn(_shared).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Staging_leaves_one_file_and_nothing_temporary()
    {
        var task = Guid.NewGuid();
        await _staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal([task.ToString()], Directory.EnumerateFiles(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_picture_outlives_the_process_that_staged_it()
    {
        var task = Guid.NewGuid();
        var staged = await _staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal(staged, await New(_database).FindAsync(task, CancellationToken.None));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(500)]
    [InlineData(90_000)]
    public async Task The_file_of_a_released_picture_is_written_anew_for_another_of_any_size(int size)
    {
        await StageAndReleaseAsync(500);
        Assert.Single(Spares());
        Assert.Empty(await _staging.ListAsync(CancellationToken.None).ToListAsync());

        var (task, picture) = (Guid.NewGuid(), Pictures.Png(size, seed: 2));
        var staged = await _staging.StageAsync(task, picture, ImageFormat.Png);

        Assert.Empty(Spares());
        Assert.Equal(picture, await File.ReadAllBytesAsync(Path.Combine(_directory, task.ToString())));
        Assert.Equal(staged, await _staging.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task A_picture_that_is_dropped_leaves_no_file()
    {
        var task = Guid.NewGuid();
        await _staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        await _staging.DropAsync(task, CancellationToken.None);

        Assert.Empty(FilesIn(_directory).Except(Rooms()));
    }

    [Fact]
    public async Task Who_still_reads_a_released_picture_never_reads_another()
    {
        var (task, picture) = (Guid.NewGuid(), Pictures.Png(90_000));
        await _staging.StageAsync(task, picture, ImageFormat.Png);
        await using var content = (await _staging.OpenAsync(task, CancellationToken.None))!;

        await _staging.ReleaseAsync(task, CancellationToken.None);
        await _staging.StageAsync(Guid.NewGuid(), Pictures.Png(80_000, seed: 2), ImageFormat.Png);

        Assert.Empty(Spares());
        var read = new MemoryStream();
        await content.CopyToAsync(read);
        Assert.Equal(picture, read.ToArray());
    }

    [Fact]
    public async Task Few_spare_files_are_kept_and_none_when_the_service_stops_or_starts_again()
    {
        var tasks = Enumerable.Range(0, SpareFiles.Most + 5).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var task in tasks)
        {
            await _staging.StageAsync(task, Pictures.Png(500), ImageFormat.Png);
        }

        await Task.WhenAll(tasks.Select(task => _staging.ReleaseAsync(task, CancellationToken.None)));
        Assert.Equal(SpareFiles.Most, Spares().Length);

        _staging.Dispose();
        Assert.Empty(Spares().Concat(Rooms()));

        await StageAndReleaseAsync(500);
        Directory.CreateDirectory(Path.Combine(_shared, "spare"));
        await File.WriteAllTextAsync(Path.Combine(_shared, "spare", "of version 1"), "");
        using var next = New(_database);
        Assert.Null(await next.FindAsync(Guid.NewGuid(), CancellationToken.None));
        Assert.Empty(Spares());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_shared, "spare")));

        // The first one's spare file is gone; it makes a new one.
        await StageAndReleaseAsync(500);
        Assert.Single(Spares());
    }

    [Fact]
    public async Task Room_for_usual_pictures_is_kept_for_the_next_and_that_for_larger_ones_given_back()
    {
        foreach (var size in (string?[])[null, "512", "2K", "4K", "1K"])
        {
            (await _staging.ReserveAsync(size, CancellationToken.None)).Dispose();
        }

        await StageAndReleaseAsync(500);

        Assert.Equal(4L << 20, new FileInfo(Assert.Single(Rooms())).Length);
        Assert.Single(Spares());
    }

    [Fact]
    public async Task Room_that_a_live_process_has_reserved_outlives_the_start_of_another()
    {
        using var room = await _staging.ReserveAsync("4K", CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_directory, "spare", $"{Guid.NewGuid():N}.0123"), "a crashed process's");

        using var next = New(_database);
        using var other = await next.ReserveAsync("512", CancellationToken.None);

        Assert.Equal([1L << 20, 64L << 20], Rooms().Select(file => new FileInfo(file).Length).Order());
    }

    [Fact]
    public async Task What_is_staged_is_this_users_alone_also_where_an_earlier_version_left_it_open()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes");
            return;
        }

        const UnixFileMode open = (UnixFileMode)0b111_111_111;
        foreach (var folder in (string[])[_shared, _directory])
        {
            File.SetUnixFileMode(folder, open);
        }

        using var next = New(_database);
        await next.StageAsync(Guid.NewGuid(), Pictures.Png(500), ImageFormat.Png);
        using var room = await next.ReserveAsync(null, CancellationToken.None);

        var all = new DirectoryInfo(_shared).GetFileSystemInfos("*", SearchOption.AllDirectories).Append(new DirectoryInfo(_shared)).ToList();
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
        var folder = isBehindLink ? Directory.CreateSymbolicLink(Path.Combine(_shared, "link"), theirs).FullName : theirs;

        var refused = Assert.Throws<UnauthorizedAccessException>(() =>
            new DirectoryImageStaging(new(folder, null), new DatabaseIdentity(_ => Task.FromResult(_database))));

        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_STAGING_DIR", StartFailure.Describe(refused), StringComparison.Ordinal);
        Directory.Delete(theirs);
    }

    private async Task StageAndReleaseAsync(int size)
    {
        var task = Guid.NewGuid();
        await _staging.StageAsync(task, Pictures.Png(size), ImageFormat.Png);
        await _staging.ReleaseAsync(task, CancellationToken.None);
    }

    private string[] Spares() => [.. FilesIn(Path.Combine(_directory, "spare")).Except(Rooms())];

    private string[] Rooms() => Directory.GetFiles(Path.Combine(_directory, "spare"), "*.room");

    /// <summary>But those by which a process says that it lives.</summary>
    private static string[] FilesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)),
    ];
}
