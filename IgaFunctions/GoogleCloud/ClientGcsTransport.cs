using System.Net;
using Google;
using Google.Apis.Upload;
using Google.Cloud.Storage.V1;
using Iga.Bucket;

namespace Iga.GoogleCloud;

/// <summary>Google Cloud Storage over Google's client, which uploads resumably.</summary>
internal sealed class ClientGcsTransport(StorageClient client) : IGcsTransport
{
    private const string TaskIdKey = "iga_task_id";
    private const string AdoptedByKey = "iga_adopted_by";

    public async Task<GcsObject?> InsertAsync(
        string bucket, ImageObject image, Stream content, CancellationToken cancellationToken)
    {
        var resource = new global::Google.Apis.Storage.v1.Data.Object
        {
            Bucket = bucket,
            Name = image.Name,
            ContentType = image.ContentType,
            Crc32c = image.Crc32C,
            Metadata = new Dictionary<string, string> { [TaskIdKey] = image.TaskId.ToString() },
        };
        try
        {
            return Describe(await client.UploadObjectAsync(
                resource, content, new UploadObjectOptions { IfGenerationMatch = 0 }, cancellationToken));
        }
        catch (GoogleApiException exception) when (exception.HttpStatusCode == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }
        catch (GoogleApiException exception)
        {
            throw StorageFaults.OfStatus("store the image", (int)exception.HttpStatusCode, exception.Error?.Message);
        }
    }

    public async Task<GcsObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        try
        {
            return Describe(await client.GetObjectAsync(bucket, name, cancellationToken: cancellationToken));
        }
        catch (GoogleApiException exception) when (exception.HttpStatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (GoogleApiException exception)
        {
            throw StorageFaults.OfStatus("look up the image", (int)exception.HttpStatusCode, exception.Error?.Message);
        }
    }

    public async Task<bool> MarkAdoptedAsync(
        string bucket, string name, long generation, Guid taskId, CancellationToken cancellationToken)
    {
        var change = new global::Google.Apis.Storage.v1.Data.Object
        {
            Bucket = bucket,
            Name = name,
            Metadata = new Dictionary<string, string> { [AdoptedByKey] = taskId.ToString() },
        };
        try
        {
            await client.PatchObjectAsync(
                change, new PatchObjectOptions { IfGenerationMatch = generation }, cancellationToken);
            return true;
        }
        catch (GoogleApiException exception)
            when (exception.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
        catch (GoogleApiException exception)
        {
            throw StorageFaults.OfStatus("adopt the image", (int)exception.HttpStatusCode, exception.Error?.Message);
        }
    }

    public async Task DeleteAsync(string bucket, string name, GcsObject seen, CancellationToken cancellationToken)
    {
        try
        {
            await client.DeleteObjectAsync(
                bucket, name,
                new DeleteObjectOptions { IfGenerationMatch = seen.Generation, IfMetagenerationMatch = seen.Metageneration },
                cancellationToken);
        }
        catch (GoogleApiException exception)
            when (exception.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            // Gone already, replaced by an object that is not this one, or adopted.
        }
        catch (GoogleApiException exception)
        {
            throw StorageFaults.OfStatus("delete the image", (int)exception.HttpStatusCode, exception.Error?.Message);
        }
    }

    private static GcsObject Describe(global::Google.Apis.Storage.v1.Data.Object resource) => new(
        resource.Generation ?? 0, resource.Metageneration, resource.Crc32c,
        Find(resource, TaskIdKey), Find(resource, AdoptedByKey));

    private static string? Find(global::Google.Apis.Storage.v1.Data.Object resource, string key) =>
        resource.Metadata is { } metadata && metadata.TryGetValue(key, out var value) ? value : null;
}
