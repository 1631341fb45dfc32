using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Iga.Images;

namespace Iga.Staging;

/// <summary>
/// Stages in Azure Blob Storage: one blob a picture, named by the task id, written in one conditional request. Every worker
/// of the app sees it.
/// </summary>
internal sealed class BlobImageStaging : IImageStaging
{
    internal const string ContainerName = "iga-staging";

    private const string ChecksumKey = "crc32c";

    private readonly BlobContainerClient _container;

    public BlobImageStaging(StagingOptions options) => _container = new(
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
        });

    public async Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties blob = await BlobOf(taskId).GetPropertiesAsync(cancellationToken: cancellationToken);
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

    public async Task<StagedImage> StageAsync(
        Guid taskId, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
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

        Task UploadAsync(bool overwrite) => BlobOf(taskId).UploadAsync(
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

    public async Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            return await BlobOf(taskId).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false), cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    public async Task DropAsync(Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            await BlobOf(taskId).DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // No container, no blob.
        }
    }

    public async IAsyncEnumerable<StagingEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await _container.ExistsAsync(cancellationToken))
        {
            yield break;
        }

        await foreach (var blob in _container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (Guid.TryParseExact(blob.Name, "D", out var taskId))
            {
                yield return new(taskId, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch);
            }
        }
    }

    private BlobClient BlobOf(Guid taskId) => _container.GetBlobClient(taskId.ToString());
}
