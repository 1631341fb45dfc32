using Iga.Images;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

/// <summary>What every <see cref="IImageStaging"/> promises.</summary>
public abstract class ImageStagingContract
{
    private readonly Guid _task = Guid.NewGuid();
    private readonly Guid _database = Guid.NewGuid();

    private protected IImageStaging Staging => field ??= StagingOf(_database);

    /// <summary>Stages for a database, in the same place as for every other.</summary>
    private protected abstract IImageStaging StagingOf(Guid database);

    /// <summary>Puts a picture where version 1.0 staged it, for whatever database.</summary>
    private protected abstract Task LeaveAsVersion1Async(Guid taskId, byte[] picture);

    [Fact]
    public async Task What_is_staged_for_one_database_is_neither_seen_nor_dropped_by_another()
    {
        var staged = await Staging.StageAsync(_task, Pictures.Png(500), ImageFormat.Png);
        var other = StagingOf(Guid.NewGuid());

        Assert.Null(await other.FindAsync(_task, CancellationToken.None));
        Assert.Null(await other.OpenAsync(_task, CancellationToken.None));
        Assert.Empty(await ListAsync(other));
        await other.DropAsync(_task, CancellationToken.None);
        await other.ReleaseAsync(_task, CancellationToken.None);

        Assert.Equal(staged, await Staging.FindAsync(_task, CancellationToken.None));
        Assert.False(Assert.Single(await ListAsync()).MayBeForeign);
    }

    [Fact]
    public async Task What_version_1_has_staged_is_found_by_its_task_and_gone_when_the_task_lets_go_of_it()
    {
        foreach (var letGo in (Func<Guid, CancellationToken, Task>[])[Staging.DropAsync, Staging.ReleaseAsync])
        {
            var picture = Pictures.Png(500);
            await LeaveAsVersion1Async(_task, picture);

            var staged = StagedImage.Of(picture, ImageFormat.Png);
            Assert.Equal(staged, await Staging.FindAsync(_task, CancellationToken.None));
            await using (var content = await Staging.OpenAsync(_task, CancellationToken.None))
            {
                Assert.Equal(picture.Length, content!.Length);
            }

            Assert.True(Assert.Single(await ListAsync()).MayBeForeign);
            await letGo(_task, CancellationToken.None);
            Assert.Null(await Staging.FindAsync(_task, CancellationToken.None));
            Assert.Empty(await ListAsync());
        }
    }

    [Fact]
    public async Task What_was_not_staged_is_not_found()
    {
        Assert.Null(await Staging.FindAsync(_task, CancellationToken.None));
        Assert.Null(await Staging.OpenAsync(_task, CancellationToken.None));
        await Staging.DropAsync(_task, CancellationToken.None);
    }

    [Fact]
    public async Task A_staged_picture_is_found_described_by_its_bytes()
    {
        var picture = Pictures.Jpeg(700_001);

        var staged = await Staging.StageAsync(_task, picture, ImageFormat.Jpeg);

        Assert.Equal(new StagedImage(picture.Length, "image/jpeg", "jpg", Crc32C.Of(picture)), staged);
        Assert.Equal(staged, await Staging.FindAsync(_task, CancellationToken.None));
    }

    [Fact]
    public async Task A_staged_picture_is_read_from_its_start_as_often_as_it_is_opened()
    {
        var picture = Pictures.Png(5_000_000);
        await Staging.StageAsync(_task, picture, ImageFormat.Png);

        for (var i = 0; i < 2; i++)
        {
            await using var content = await Staging.OpenAsync(_task, CancellationToken.None);
            Assert.NotNull(content);
            Assert.True(content.CanSeek);
            Assert.Equal(picture.Length, content.Length);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy);
            Assert.Equal(picture, copy.ToArray());
        }
    }

    [Fact]
    public async Task The_picture_that_was_there_first_stays()
    {
        var first = await Staging.StageAsync(_task, Pictures.Png(1_000, seed: 1), ImageFormat.Png);

        var second = await Staging.StageAsync(_task, Pictures.Jpeg(2_000, seed: 2), ImageFormat.Jpeg);

        Assert.Equal(first, second);
        Assert.Equal(first, await Staging.FindAsync(_task, CancellationToken.None));
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins_and_all_get_its_picture()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            Staging.StageAsync(_task, Pictures.Png(100_000 + i, seed: i), ImageFormat.Png))));

        Assert.Single(answers.Distinct());
        Assert.Equal(answers[0], await Staging.FindAsync(_task, CancellationToken.None));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public Task A_dropped_picture_is_gone_and_dropping_it_again_does_nothing() => AssertIsGoneAsync(Staging.DropAsync);

    [Fact]
    public Task A_released_picture_is_gone_and_releasing_it_again_does_nothing() => AssertIsGoneAsync(Staging.ReleaseAsync);

    [Fact]
    public async Task What_is_staged_is_listed_with_the_time_of_its_staging()
    {
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        await Staging.StageAsync(_task, Pictures.Png(100), ImageFormat.Png);

        var entry = Assert.Single(await ListAsync());

        Assert.InRange(entry.StagedAt, before, DateTimeOffset.UtcNow.AddMinutes(1));
    }

    private async Task AssertIsGoneAsync(Func<Guid, CancellationToken, Task> takeAway)
    {
        await Staging.StageAsync(_task, Pictures.Png(100), ImageFormat.Png);

        await takeAway(_task, CancellationToken.None);
        await takeAway(_task, CancellationToken.None);

        Assert.Null(await Staging.FindAsync(_task, CancellationToken.None));
        Assert.Empty(await ListAsync());
    }

    private async Task<List<StagingEntry>> ListAsync(IImageStaging? staging = null)
    {
        var entries = new List<StagingEntry>();
        await foreach (var entry in (staging ?? Staging).ListAsync(CancellationToken.None))
        {
            if (entry.TaskId == _task)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }
}
