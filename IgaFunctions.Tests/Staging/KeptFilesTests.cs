using Iga.Images;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

/// <summary>Files of pictures and rooms for them, kept for the next.</summary>
public sealed class KeptFilesTests : IDisposable
{
    private readonly StagingDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task As_many_are_kept_as_come_and_go_and_few_at_rest()
    {
        const int Many = KeptFiles.Most + 20;

        await StageAsync(Many);
        _disk.Time.Advance(KeptFiles.Period);
        Assert.Equal((Many, Many), Count());

        await StageAsync(KeptFiles.Most + 7);
        _disk.Time.Advance(KeptFiles.Period); // 13 of each lay unused all the time
        Assert.Equal((KeptFiles.Most + 7, KeptFiles.Most + 7), Count());

        _disk.Time.Advance(KeptFiles.Period);
        Assert.Equal((KeptFiles.Most, KeptFiles.Most), Count());
        _disk.Time.Advance(KeptFiles.Period);
        Assert.Equal((KeptFiles.Most, KeptFiles.Most), Count());
    }

    [Fact]
    public async Task A_disk_that_cannot_be_written_any_more_does_no_harm_to_the_process()
    {
        await StageAsync(KeptFiles.Most + 1);
        Directory.Delete(_disk.Own, recursive: true);

        _disk.Time.Advance(KeptFiles.Period);
        _disk.Time.Advance(KeptFiles.Period);

        await StageAsync(1);
    }

    private async Task StageAsync(int count)
    {
        var rooms = new List<StagingRoom>();
        var tasks = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var task in tasks)
        {
            var room = await _disk.Staging.ReserveAsync(null, CancellationToken.None);
            rooms.Add(room);
            var picture = Pictures.Png(500);
            await _disk.Staging.StageAsync(task, room, picture, StagedImage.Of(picture, ImageFormat.Png), CancellationToken.None);
        }

        rooms.ForEach(room => room.Dispose());
        rooms[0].Dispose(); // once more does no harm
        foreach (var task in tasks)
        {
            await _disk.Staging.ReleaseAsync(task, CancellationToken.None);
        }
    }

    private (int Spares, int Rooms) Count() => (_disk.Spares().Length, _disk.Rooms().Length);
}
