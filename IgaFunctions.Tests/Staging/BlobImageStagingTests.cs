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

    private BlobContainerClient Container => new(azurite.ConnectionString, BlobImageStaging.ContainerName);

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
