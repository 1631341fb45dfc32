using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Iga.Images;
using Iga.Postgres;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

public sealed class BlobImageStagingTests(Azurite azurite) : ImageStagingContract, IClassFixture<Azurite>
{
    private readonly Guid _database = Guid.NewGuid();

    private BlobContainerClient Container => new(azurite.ConnectionString, BlobContainers.Name);

    private IImageStaging Blobs => field ??= StagingOf(_database);

    private protected override IImageStaging StagingOf(Guid database) => new BlobImageStaging(
        new("unused", azurite.ConnectionString), new DatabaseIdentity(_ => Task.FromResult(database)));

    private protected override async Task LeaveAsVersion1Async(Guid taskId, byte[] picture)
    {
        var image = StagedImage.Of(picture, ImageFormat.Png);
        await Container.CreateIfNotExistsAsync();
        await Container.GetBlobClient(taskId.ToString()).UploadAsync(BinaryData.FromBytes(picture), new BlobUploadOptions
        {
            HttpHeaders = new BlobHttpHeaders { ContentType = image.ContentType },
            Metadata = new Dictionary<string, string> { ["crc32c"] = image.Crc32C },
        });
    }

    [Fact]
    public async Task Each_app_has_a_container_of_its_own_and_finds_what_it_staged_before_there_was_one()
    {
        var (task, next) = (Guid.NewGuid(), Guid.NewGuid());
        var before = await Blobs.StageAsync(task, Pictures.Png(500), ImageFormat.Png);
        var app = new BlobImageStaging(
            new("unused", azurite.ConnectionString, "My--App"), new DatabaseIdentity(_ => Task.FromResult(_database)));

        Assert.Equal(before, await app.FindAsync(task, CancellationToken.None));
        Assert.Contains(task, await app.ListAsync(CancellationToken.None).Select(entry => entry.TaskId).ToListAsync());
        await app.DropAsync(task, CancellationToken.None);
        Assert.Null(await Blobs.FindAsync(task, CancellationToken.None));

        await app.StageAsync(next, Pictures.Png(500), ImageFormat.Png);
        Assert.True(await new BlobContainerClient(azurite.ConnectionString, "iga-staging-my-app").GetBlobClient($"{_database:N}/{next}").ExistsAsync());
        Assert.Null(await Blobs.FindAsync(next, CancellationToken.None));
    }

    [Fact]
    public async Task An_account_that_refuses_writes_is_no_room_until_it_takes_one()
    {
        // The account's key was changed.
        var wrong = azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        var refused = new BlobImageStaging(new("unused", wrong), new DatabaseIdentity(_ => Task.FromResult(_database)));

        var fault = await Assert.ThrowsAsync<Iga.Faults.FailureException>(() => refused.ReserveAsync(null, CancellationToken.None));

        Assert.True(fault.Fault is { IsTransient: true, WaitsForStaging: true });
        (await Blobs.ReserveAsync(null, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task A_container_that_was_deleted_is_created_again()
    {
        await Container.DeleteIfExistsAsync();
        var task = Guid.NewGuid();

        Assert.Empty(await Blobs.ListAsync(CancellationToken.None).ToListAsync());
        await Blobs.DropAsync(task, CancellationToken.None);
        var staged = await Blobs.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal(staged, await Blobs.FindAsync(task, CancellationToken.None));
    }

    [Fact]
    public async Task A_blob_that_is_not_a_whole_picture_of_ours_is_not_found_and_is_replaced()
    {
        var task = Guid.NewGuid();
        await Container.CreateIfNotExistsAsync();
        await Container.UploadBlobAsync($"{_database:N}/{task}", BinaryData.FromString("?"));

        Assert.Null(await Blobs.FindAsync(task, CancellationToken.None));
        var staged = await Blobs.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal(staged, await Blobs.FindAsync(task, CancellationToken.None));
    }
}
