using System.Net;
using Google;
using Google.Apis.Upload;
using Google.Cloud.Storage.V1;
using Iga.Bucket;
using Iga.Models.Catalog;
using Newtonsoft.Json;
using Resource = Google.Apis.Storage.v1.Data.Object;

namespace Iga.GoogleCloud;

/// <summary>Google Cloud Storage over Google's client, which uploads resumably.</summary>
/// <param name="client">Made by <see cref="GcsClient"/>: what GCS refuses is a failure already.</param>
internal sealed class ClientGcsTransport(StorageClient client) : IGcsTransport
{
    public async Task<GcsObject?> InsertAsync(
        string bucket, ImageObject image, Stream content, CancellationToken cancellationToken)
    {
        var resource = new Resource
        {
            Bucket = bucket,
            Name = image.Name,
            ContentType = image.ContentType,
            Crc32c = image.Crc32C,
            Metadata = image.Metadata,
        };
        var options = new UploadObjectOptions
        {
            IfGenerationMatch = 0,
            UploadValidationMode = UploadValidationMode.None, // the resource has the checksum
        };
        try
        {
            return Read(await client.UploadObjectAsync(resource, content, options, cancellationToken, new Advance()));
        }
        catch (GoogleApiException exception) when (exception.HttpStatusCode == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw StorageFaults.Unreadable(exception);
        }
    }

    public async Task<GcsObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        try
        {
            return Read(await client.GetObjectAsync(bucket, name, cancellationToken: cancellationToken));
        }
        catch (GoogleApiException exception) when (exception.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            throw StorageFaults.Unreadable(exception);
        }
    }

    /// <remarks>
    /// By the client's connection, but not by its download, which writes to a stream that it is given and does not tell what came with
    /// the content.
    /// </remarks>
    public async Task<Stream?> OpenAsync(
        string bucket, string name, long generation, long offset, long length, CancellationToken cancellationToken)
    {
        var service = client.Service;
        var path = GcsContent.Path($"b/{Uri.EscapeDataString(bucket)}/o/{Uri.EscapeDataString(name)}", generation);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.BaseUri + path));
        return await GcsContent.OpenAsync(
            request, (asked, token) => service.HttpClient.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, token),
            _ => Task.CompletedTask, offset, length, cancellationToken);
    }

    public async Task<bool> MarkAdoptedAsync(
        string bucket, string name, long generation, Guid taskId, CancellationToken cancellationToken)
    {
        var change = new Resource
        {
            Bucket = bucket,
            Name = name,
            Metadata = new Dictionary<string, string> { [GcsObject.AdoptedByKey] = taskId.ToString() },
        };
        try
        {
            await client.PatchObjectAsync(
                change, new PatchObjectOptions { IfGenerationMatch = generation }, cancellationToken);
            return true;
        }
        catch (GoogleApiException exception) when (IsGoneOrChanged(exception))
        {
            return false;
        }
        catch (Exception exception) when (IsUnreadable(exception))
        {
            return true; // it was done; the object as it is now does not matter
        }
    }

    public async Task DeleteAsync(string bucket, string name, GcsObject seen, CancellationToken cancellationToken)
    {
        var asSeen = new DeleteObjectOptions
        {
            IfGenerationMatch = seen.Generation,
            IfMetagenerationMatch = seen.Metageneration,
        };
        try
        {
            await client.DeleteObjectAsync(bucket, name, asSeen, cancellationToken);
        }
        catch (GoogleApiException exception) when (IsGoneOrChanged(exception))
        {
            // Gone already, replaced by an object that is not this one, or adopted.
        }
    }

    private static bool IsGoneOrChanged(GoogleApiException exception) =>
        exception.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed;

    // The client reports what it can't parse in each of these ways.
    private static bool IsUnreadable(Exception exception) =>
        exception is JsonException or AggregateException or GoogleApiException;

    // Some emulators count no generations.
    private static GcsObject Read(Resource? resource) => resource is { Name: not null } or { Generation: not null }
        ? new(
            resource.Generation ?? 0, resource.Metageneration, resource.Crc32c,
            Find(resource, GcsObject.TaskIdKey), Find(resource, GcsObject.AdoptedByKey),
            ModelIdSyntax.IdOrNull(Find(resource, GcsObject.ModelIdKey)),
            (long?)resource.Size, resource.TimeCreatedDateTimeOffset)
        : throw new JsonException("no object");

    private static string? Find(Resource resource, string key) =>
        resource.Metadata is { } metadata && metadata.TryGetValue(key, out var value) ? value : null;

    /// <summary>Ends an upload whose chunks arrive but are not kept; the client would send them for ever.</summary>
    private sealed class Advance : IProgress<IUploadProgress>
    {
        private long _kept;

        public void Report(IUploadProgress value)
        {
            if (value.Status == UploadStatus.Uploading)
            {
                _kept = value.BytesSent > _kept ? value.BytesSent : throw StorageFaults.UploadLost();
            }
        }
    }
}
