using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Iga.Images;

namespace Iga.Staging;

/// <summary>The blob that a picture is staged in: what is known of the picture stands in its properties.</summary>
internal static class StagedBlob
{
    private const string ChecksumKey = "crc32c";

    /// <param name="overwrite">Else it is refused where there is one already.</param>
    public static Task WriteAsync(
        this BlobClient blob, ReadOnlyMemory<byte> image, StagedImage description, bool overwrite, CancellationToken cancellationToken) =>
        blob.UploadAsync(
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

    /// <returns>Null where there is none, or one that was not written by us.</returns>
    public static async Task<StagedImage?> DescribeAsync(this BlobClient client, CancellationToken cancellationToken)
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

    /// <returns>Null where there is none.</returns>
    public static async Task<Stream?> OpenAsync(this BlobClient blob, CancellationToken cancellationToken)
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

    /// <summary>Nothing happens where there is none.</summary>
    public static async Task DropAsync(this BlobClient blob, CancellationToken cancellationToken)
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
}
