using System.Globalization;
using System.Text;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Objects and errors in the JSON of the API: 64-bit numbers are strings, times are UTC.</summary>
internal static class ResourceJson
{
    /// <param name="host">Scheme and host of this server.</param>
    /// <param name="crc32C">What is to be reported as the checksum.</param>
    public static void WriteObject(Utf8JsonWriter json, StoredObject item, string host, string? crc32C = null)
    {
        var path = $"storage/v1/b/{item.Bucket}/o/{Uri.EscapeDataString(item.Name)}";
        json.WriteStartObject();
        json.WriteString("kind", "storage#object");
        json.WriteString("id", $"{item.Bucket}/{item.Name}/{item.Generation}");
        json.WriteString("selfLink", $"{host}/{path}");
        json.WriteString("mediaLink", $"{host}/download/{path}?generation={item.Generation}&alt=media");
        json.WriteString("name", item.Name);
        json.WriteString("bucket", item.Bucket);
        json.WriteString("generation", Text(item.Generation));
        json.WriteString("metageneration", Text(item.Metageneration));
        json.WriteString("contentType", item.ContentType);
        json.WriteString("storageClass", item.StorageClass);
        json.WriteString("size", Text(item.Size));
        if (item.Md5Hash.Length > 0)
        {
            json.WriteString("md5Hash", item.Md5Hash);
        }

        json.WriteString("crc32c", crc32C ?? item.Crc32C);
        json.WriteString("etag", Etag(item));
        if (item.ComponentCount > 0)
        {
            json.WriteNumber("componentCount", item.ComponentCount);
        }

        WriteTime(json, "timeCreated", item.TimeCreated);
        WriteTime(json, "updated", item.Updated);
        WriteTime(json, "timeStorageClassUpdated", item.TimeCreated);
        WriteTime(json, "timeFinalized", item.TimeCreated);
        foreach (var (name, value) in new[]
        {
            ("cacheControl", item.CacheControl), ("contentDisposition", item.ContentDisposition),
            ("contentEncoding", item.ContentEncoding), ("contentLanguage", item.ContentLanguage),
        })
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }

        if (item.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata");
            foreach (var (name, value) in item.Metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static string Etag(StoredObject item) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{item.Generation}/{item.Metageneration}"));

    public static void WriteError(Utf8JsonWriter json, ApiException error)
    {
        var message = Message(error);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", message);
        json.WriteStartArray("errors");
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteString("domain", "global");
        json.WriteString("reason", error.Reason ?? Reason(error.Status));
        var place = error switch
        {
            { Parameter: { } parameter } => ("parameter", parameter),
            { Status: 412 } => ("header", "If-Match"),
            { Status: 416 } => ("header", "Range"),
            _ => default((string Kind, string Name)?),
        };
        if (place is var (kind, name))
        {
            json.WriteString("locationType", kind);
            json.WriteString("location", name);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static string Message(ApiException error) => error.Detail ?? Message(error.Status);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset time) =>
        json.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));

    private static string Reason(int status) => status switch
    {
        400 => "invalid",
        401 => "required",
        403 => "forbidden",
        404 => "notFound",
        408 => "requestTimeout",
        409 => "conflict",
        410 => "gone",
        412 => "conditionNotMet",
        413 => "uploadTooLarge",
        416 => "requestedRangeNotSatisfiable",
        429 => "rateLimitExceeded",
        500 => "internalError",
        501 => "notImplemented",
        502 => "badGateway",
        504 => "gatewayTimeout",
        _ => "backendError",
    };

    private static string Message(int status) => status switch
    {
        401 => "Anonymous caller does not have storage.objects.create access to the Google Cloud Storage object.",
        403 => "The caller does not have permission to access the Google Cloud Storage object.",
        404 => "Not Found",
        408 => "Request timeout.",
        429 => "The object exceeded the rate limit for object mutation operations (create, update, and delete).",
        503 => "Backend Error",
        _ => $"The request failed with status {status}.",
    };
}
