using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>What a caller says about an object that it uploads.</summary>
/// <param name="Crc32C">The checksum that it expects; null when it says none.</param>
/// <param name="Md5Hash">Likewise.</param>
internal sealed record ObjectDraft(
    string Bucket, string Name, JsonElement Resource, string? ContentType, string? Crc32C, string? Md5Hash)
{
    /// <summary>Used when the resource names none.</summary>
    public string? ContentEncoding { get; init; }

    /// <param name="resource">The object resource of the request; an empty object when it has none.</param>
    /// <param name="contentType">Used when the resource names none.</param>
    /// <exception cref="ApiException">400: a field of the wrong type, or no name.</exception>
    public static ObjectDraft Of(HttpRequest request, string bucket, JsonElement resource, string? contentType)
    {
        var name = request.Query["name"].ToString() is { Length: > 0 } given ? given : Text(resource, "name");
        ResourceNames.CheckObject(name);
        var draft = new ObjectDraft(
            bucket,
            name!,
            resource,
            Text(resource, "contentType") ?? contentType,
            Text(resource, "crc32c"),
            Text(resource, "md5Hash"))
        {
            ContentEncoding = request.Query["contentEncoding"].ToString() is { Length: > 0 } encoding ? encoding : null,
        };
        return draft.WithHashHeader(request);
    }

    /// <summary>
    /// Adds what the header <c>x-goog-hash: crc32c=…,md5=…</c> says; Google's clients send it with the last chunk.
    /// </summary>
    public ObjectDraft WithHashHeader(HttpRequest request)
    {
        var draft = this;
        foreach (var hash in request.Headers["x-goog-hash"].SelectMany(v => v!.Split(',', StringSplitOptions.TrimEntries)))
        {
            draft = hash switch
            {
                _ when hash.StartsWith("crc32c=", StringComparison.Ordinal) => draft with { Crc32C = hash["crc32c=".Length..] },
                _ when hash.StartsWith("md5=", StringComparison.Ordinal) => draft with { Md5Hash = hash["md5=".Length..] },
                _ => draft,
            };
        }

        return draft;
    }

    /// <param name="storageClass">Used when the resource names none.</param>
    public StoredObject ToObject(string storageClass) => Apply(
        new StoredObject
        {
            Bucket = Bucket,
            Name = Name,
            ContentType = ContentType ?? "application/octet-stream",
            ContentEncoding = ContentEncoding,
            StorageClass = storageClass,
        },
        Resource);

    /// <summary>The object with the resource's fields, and none of those that it leaves out.</summary>
    /// <exception cref="ApiException">400: a field of the wrong type.</exception>
    public static StoredObject Replace(StoredObject item, JsonElement resource) => Apply(
        item with
        {
            ContentType = "application/octet-stream",
            CacheControl = null,
            ContentDisposition = null,
            ContentEncoding = null,
            ContentLanguage = null,
            Metadata = new Dictionary<string, string>(),
        },
        resource);

    /// <summary>Takes over the fields that the resource has; a null takes one away.</summary>
    /// <exception cref="ApiException">400: a field of the wrong type.</exception>
    public static StoredObject Apply(StoredObject item, JsonElement resource) => item with
    {
        ContentType = Changed(resource, "contentType", item.ContentType) ?? item.ContentType,
        CacheControl = Changed(resource, "cacheControl", item.CacheControl),
        ContentDisposition = Changed(resource, "contentDisposition", item.ContentDisposition),
        ContentEncoding = Changed(resource, "contentEncoding", item.ContentEncoding),
        ContentLanguage = Changed(resource, "contentLanguage", item.ContentLanguage),
        StorageClass = StorageClass.Check(Changed(resource, "storageClass", item.StorageClass) ?? item.StorageClass),
        Metadata = Merged(item.Metadata, resource),
    };

    private static IReadOnlyDictionary<string, string> Merged(IReadOnlyDictionary<string, string> metadata, JsonElement resource)
    {
        if (!resource.TryGetProperty("metadata", out var changes))
        {
            return metadata;
        }

        if (changes.ValueKind == JsonValueKind.Null)
        {
            return new Dictionary<string, string>();
        }

        if (changes.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("metadata");
        }

        var merged = new Dictionary<string, string>(metadata);
        foreach (var entry in changes.EnumerateObject())
        {
            if (entry.Value.ValueKind == JsonValueKind.Null)
            {
                merged.Remove(entry.Name);
            }
            else
            {
                merged[entry.Name] = entry.Value.ValueKind == JsonValueKind.String
                    ? entry.Value.GetString()!
                    : throw Invalid("metadata");
            }
        }

        return merged;
    }

    private static string? Text(JsonElement resource, string name) => Changed(resource, name, null);

    private static string? Changed(JsonElement resource, string name, string? current) =>
        !resource.TryGetProperty(name, out var value) ? current : value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            _ => throw Invalid(name),
        };

    private static ApiException Invalid(string name) => new(400, "invalid", $"Invalid value for: {name}");
}
