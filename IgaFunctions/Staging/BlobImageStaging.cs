using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Iga.Images;
using Iga.Postgres;

namespace Iga.Staging;

/// <summary>
/// Stages in Azure Blob Storage: one blob a picture, named by the task id under the database's, written in one conditional request.
/// Every worker of the app sees it, and apps may share the container.
/// </summary>
/// <remarks>
/// Version 1.0 left the database's id out. What it staged is still found by the task's id, so that nothing is paid for twice after
/// an upgrade.
/// </remarks>
internal sealed class BlobImageStaging : IImageStaging
{
    internal const string ContainerName = "iga-staging";

    private const string ChecksumKey = "crc32c";

    private readonly BlobContainerClient _container;
    private readonly DatabaseIdentity _database;

    public BlobImageStaging(StagingOptions options, DatabaseIdentity database) => (_database, _container) = (database, new(
        options.BlobConnectionString ?? throw new ArgumentException("no connection string for blob storage", nameof(options)),
        ContainerName,
        new BlobClientOptions
        {
            // The workflow repeats the activity; the client bridges short faults only.
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 3,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(4),
                NetworkTimeout = TimeSpan.FromSeconds(30),
            },
        }));

    public async Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        // Asked at once: most often there is neither, and the model waits for this.
        var own = DescribeAsync(await BlobOfAsync(taskId, cancellationToken), cancellationToken);
        var shared = DescribeAsync(SharedBlobOf(taskId), cancellationToken);
        await Task.WhenAll(own, shared);
        return await own ?? await shared;
    }

    public async Task<StagedImage> StageAsync(
        Guid taskId, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        var blob = await BlobOfAsync(taskId, cancellationToken);
        try
        {
            await UploadAsync(overwrite: false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await StageAsync(taskId, image, description, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            if (await FindAsync(taskId, cancellationToken) is { } faster)
            {
                return faster;
            }

            await UploadAsync(overwrite: true);
        }

        return description;

        Task UploadAsync(bool overwrite) => blob.UploadAsync(
            BinaryData.FromBytes(image),
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = description.ContentType },
                Metadata = new Dictionary<string, string> { [ChecksumKey] = description.Crc32C },
                Conditions = overwrite ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
                // One request: a blob in blocks could be left half done.
                TransferOptions = new StorageTransferOptions { InitialTransferSize = 256L << 20 },
            },
            cancellationToken);
    }

    public async Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken) =>
        await OpenAsync(await BlobOfAsync(taskId, cancellationToken), cancellationToken)
            ?? await OpenAsync(SharedBlobOf(taskId), cancellationToken);

    public async Task DropAsync(Guid taskId, CancellationToken cancellationToken) => await Task.WhenAll(
        DropAsync(await BlobOfAsync(taskId, cancellationToken), cancellationToken),
        DropAsync(SharedBlobOf(taskId), cancellationToken));

    public async IAsyncEnumerable<StagingEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await _container.ExistsAsync(cancellationToken))
        {
            yield break;
        }

        var prefix = await PrefixAsync(cancellationToken);
        await foreach (var blob in ListAsync(prefix, cancellationToken).Concat(ListAsync("", cancellationToken)))
        {
            var name = blob.Name.StartsWith(prefix, StringComparison.Ordinal) ? blob.Name[prefix.Length..] : blob.Name;
            if (Guid.TryParseExact(name, "D", out var taskId))
            {
                yield return new(
                    taskId, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch, MayBeForeign: name.Length == blob.Name.Length);
            }
        }
    }

    /// <summary>The blobs right under a prefix, and none of those of other databases.</summary>
    private IAsyncEnumerable<BlobItem> ListAsync(string prefix, CancellationToken cancellationToken) => _container
        .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", prefix, cancellationToken)
        .Where(item => item.IsBlob)
        .Select(item => item.Blob);

    private static async Task<StagedImage?> DescribeAsync(BlobClient client, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties blob = await client.GetPropertiesAsync(cancellationToken: cancellationToken);
            // A blob is written whole or not at all; one without our marks was not written by us.
            return blob.ContentLength > 0
                && blob.Metadata.TryGetValue(ChecksumKey, out var crc)
                && ImageFormat.All.FirstOrDefault(format => format.ContentType == blob.ContentType) is { } format
                    ? new(blob.ContentLength, format.ContentType, format.Extension, crc) : null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private static async Task<Stream?> OpenAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            return await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private static async Task DropAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // No container, no blob.
        }
    }

    private async ValueTask<BlobClient> BlobOfAsync(Guid taskId, CancellationToken cancellationToken) =>
        _container.GetBlobClient($"{await PrefixAsync(cancellationToken)}{taskId}");

    /// <summary>Where version 1.0 staged.</summary>
    private BlobClient SharedBlobOf(Guid taskId) => _container.GetBlobClient(taskId.ToString());

    private async ValueTask<string> PrefixAsync(CancellationToken cancellationToken) =>
        $"{await _database.GetAsync(cancellationToken):N}/";
}
