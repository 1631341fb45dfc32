using Iga.Staging;

namespace Iga.Tests.Staging;

/// <summary>The room for a picture that is made sure of before a model is called.</summary>
public sealed class ReservedRoomsTests : IDisposable
{
    private readonly StagingDirectory _disk = new();

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task Room_for_usual_pictures_is_kept_for_the_next_and_that_for_larger_ones_given_back()
    {
        foreach (var size in (string?[])[null, "512", "2K", "4K", "1K"])
        {
            (await _disk.Staging.ReserveAsync(size, CancellationToken.None)).Dispose();
        }

        await _disk.StageAndReleaseAsync(500);

        Assert.Equal(4L << 20, new FileInfo(Assert.Single(_disk.Rooms())).Length);
        Assert.Single(_disk.Spares());
    }

    [Fact]
    public async Task Room_that_a_live_process_has_reserved_outlives_the_start_of_another()
    {
        using var room = await _disk.Staging.ReserveAsync("4K", CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_disk.Own, "spare", $"{Guid.NewGuid():N}.0123"), "a crashed process's");

        using var next = _disk.New(_disk.Database);
        using var other = await next.ReserveAsync("512", CancellationToken.None);

        Assert.Equal([1L << 20, 64L << 20], _disk.Rooms().Select(file => new FileInfo(file).Length).Order());
    }

    [Fact]
    public async Task A_room_that_somebody_removed_is_made_again()
    {
        (await _disk.Staging.ReserveAsync(null, CancellationToken.None)).Dispose();
        File.Delete(Assert.Single(_disk.Rooms()));

        using var room = await _disk.Staging.ReserveAsync(null, CancellationToken.None);

        Assert.Equal(4L << 20, new FileInfo(Assert.Single(_disk.Rooms())).Length);
    }
}
