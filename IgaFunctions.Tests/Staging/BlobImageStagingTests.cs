using Azure.Storage.Blobs;
using Iga.Images;
using Iga.Staging;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

public sealed class BlobImageStagingTests(Azurite azurite) : ImageStagingContract, IClassFixture<Azurite>
{
    private BlobImageStaging? _staging;

    private protected override IImageStaging Staging => Blobs;

    private BlobImageStaging Blobs => _staging ??= new(new("unused", azurite.ConnectionString));

    [Fact]
    public async Task A_container_that_was_deleted_is_created_again()
    {
        var container = new BlobContainerClient(azurite.ConnectionString, BlobImageStaging.ContainerName);
        await container.DeleteIfExistsAsync();
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
        var container = new BlobContainerClient(azurite.ConnectionString, BlobImageStaging.ContainerName);
        await container.CreateIfNotExistsAsync();
        await container.UploadBlobAsync(task.ToString(), BinaryData.FromString("?"));

        Assert.Null(await Blobs.FindAsync(task, CancellationToken.None));
        var staged = await Blobs.StageAsync(task, Pictures.Png(500), ImageFormat.Png);

        Assert.Equal(staged, await Blobs.FindAsync(task, CancellationToken.None));
    }
}
