using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Iga.Bucket;
using Iga.Faults;
using Iga.Models.Catalog;

namespace Iga.GoogleCloud;

/// <summary>Google Cloud Storage over its JSON API.</summary>
/// <param name="http">Made by <see cref="GoogleHttp.CreateClient"/>: it proves who is calling.</param>
internal sealed class RestGcsTransport(HttpClient http, StorageOptions options, TimeProvider time) : IGcsTransport
{
    // Errors and resources are small; more of either is not worth reading.
    private const int MaxJson = 256 * 1024;

    public async Task<GcsObject?> InsertAsync(
        string bucket, ImageObject image, Stream content, CancellationToken cancellationToken)
    {
        using var request = Request(
            HttpMethod.Post, $"upload/storage/v1/b/{Escape(bucket)}/o?uploadType=multipart&ifGenerationMatch=0");
        request.Content = Multipart(image, content);
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return null;
        }

        await ThrowUnlessOkAsync(response, "store the image", cancellationToken);
        return await ReadObjectAsync(response, cancellationToken);
    }

    public async Task<GcsObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, ObjectPath(bucket, name));
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await ThrowUnlessOkAsync(response, "look up the image", cancellationToken);
        return await ReadObjectAsync(response, cancellationToken);
    }

    public async Task<Stream?> OpenAsync(
        string bucket, string name, long generation, long offset, long length, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Get, GcsContent.Path(ObjectPath(bucket, name), generation));
        return await GcsContent.OpenAsync(
            request, SendAsync, response => ThrowUnlessOkAsync(response, "read the image", cancellationToken), offset, length,
            cancellationToken);
    }

    public async Task<bool> MarkAdoptedAsync(
        string bucket, string name, long generation, Guid taskId, CancellationToken cancellationToken)
    {
        using var request = Request(HttpMethod.Patch, $"{ObjectPath(bucket, name)}?ifGenerationMatch={generation}");
        request.Content = Json(new GcsResource { Metadata = new() { [GcsObject.AdoptedByKey] = taskId.ToString() } });
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed)
        {
            return false;
        }

        await ThrowUnlessOkAsync(response, "adopt the image", cancellationToken);
        return true;
    }

    public async Task DeleteAsync(string bucket, string name, GcsObject seen, CancellationToken cancellationToken)
    {
        var asSeen = seen.Metageneration is { } version ? $"&ifMetagenerationMatch={version}" : "";
        using var request = Request(
            HttpMethod.Delete, $"{ObjectPath(bucket, name)}?ifGenerationMatch={seen.Generation}{asSeen}");
        using var response = await SendAsync(request, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.PreconditionFailed))
        {
            await ThrowUnlessOkAsync(response, "delete the image", cancellationToken);
        }
    }

    private static MultipartContent Multipart(ImageObject image, Stream content)
    {
        var resource = new GcsResource
        {
            Name = image.Name,
            ContentType = image.ContentType,
            Crc32c = image.Crc32C,
            Metadata = image.Metadata,
        };
        return new("related", $"iga-{Guid.NewGuid():N}")
        {
            Json(resource),
            new StreamContent(content) { Headers = { ContentType = new MediaTypeHeaderValue(image.ContentType) } },
        };
    }

    // Not JsonContent, whose unknown length would turn a whole upload into chunks.
    private static ByteArrayContent Json(GcsResource resource) =>
        new(JsonSerializer.SerializeToUtf8Bytes(resource, GcsJson.Default.GcsResource))
        {
            Headers = { ContentType = new("application/json") { CharSet = "utf-8" } },
        };

    private HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, GoogleHttp.Resource(options.Endpoint, path));

    private static string ObjectPath(string bucket, string name) => $"storage/v1/b/{Escape(bucket)}/o/{Escape(name)}";

    private static string Escape(string part) => Uri.EscapeDataString(part);

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private async Task ThrowUnlessOkAsync(HttpResponseMessage response, string doing, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        GcsError? error = null;
        try
        {
            error = await ReadJsonAsync(response, GcsJson.Default.GcsError, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException)
        {
            // An error page of a proxy, say. The status says enough.
        }

        throw StorageFaults.OfStatus(
            doing, (int)response.StatusCode, error?.Error?.Message, GoogleHttp.RetryAfter(response.Headers, time),
            error?.Reason);
    }

    private static async Task<GcsObject> ReadObjectAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var resource = await ReadJsonAsync(response, GcsJson.Default.GcsResource, cancellationToken);
            if (resource is not { Name: not null } and not { Generation: not null })
            {
                throw new JsonException("no object");
            }

            // Some emulators count no generations.
            return new(
                resource.Generation ?? 0, resource.Metageneration, resource.Crc32c,
                resource.Metadata?.GetValueOrDefault(GcsObject.TaskIdKey),
                resource.Metadata?.GetValueOrDefault(GcsObject.AdoptedByKey),
                ModelIdSyntax.IdOrNull(resource.Metadata?.GetValueOrDefault(GcsObject.ModelIdKey)),
                resource.Size, resource.TimeCreated);
        }
        catch (JsonException exception)
        {
            throw StorageFaults.Unreadable(exception);
        }
    }

    private static async Task<T?> ReadJsonAsync<T>(
        HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(MaxJson, cancellationToken);
        return await response.Content.ReadFromJsonAsync(type, cancellationToken);
    }
}
