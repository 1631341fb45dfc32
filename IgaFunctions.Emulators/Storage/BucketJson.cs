using System.Text.Json;

namespace Iga.Emulators.Storage;

/// <summary>Buckets in the JSON of the API.</summary>
internal static class BucketJson
{
    /// <param name="host">Scheme and host of this server.</param>
    public static void Write(Utf8JsonWriter json, BucketResource bucket, string host)
    {
        json.WriteStartObject();
        json.WriteString("kind", "storage#bucket");
        json.WriteString("id", bucket.Name);
        json.WriteString("selfLink", $"{host}/storage/v1/b/{bucket.Name}");
        json.WriteString("name", bucket.Name);
        json.WriteString("projectNumber", "1");
        json.WriteString("metageneration", ResourceJson.Text(bucket.Metageneration));
        WriteLocation(json, bucket);
        json.WriteString("storageClass", bucket.StorageClass);
        json.WriteString("etag", Etag(bucket));
        ResourceJson.WriteTime(json, "timeCreated", bucket.TimeCreated);
        ResourceJson.WriteTime(json, "updated", bucket.Updated);
        foreach (var (name, value) in bucket.Fields)
        {
            if (name is not ("location" or "storageClass"))
            {
                json.WritePropertyName(name);
                value!.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    public static void WriteLayout(Utf8JsonWriter json, BucketResource bucket)
    {
        json.WriteStartObject();
        json.WriteString("kind", "storage#storageLayout");
        json.WriteString("bucket", bucket.Name);
        WriteLocation(json, bucket);
        json.WriteStartObject("hierarchicalNamespace");
        json.WriteBoolean("enabled", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Who may do what: what GCS sets for a new bucket. The emulator asks nobody who they are.</summary>
    public static void WritePolicy(Utf8JsonWriter json, BucketResource bucket)
    {
        json.WriteStartObject();
        json.WriteString("kind", "storage#policy");
        json.WriteString("resourceId", $"projects/_/buckets/{bucket.Name}");
        json.WriteNumber("version", 1);
        json.WriteString("etag", Etag(bucket));
        json.WriteStartArray("bindings");
        foreach (var (role, members) in new (string, string[])[]
        {
            ("roles/storage.legacyBucketOwner", ["projectEditor:emulated", "projectOwner:emulated"]),
            ("roles/storage.legacyBucketReader", ["projectViewer:emulated"]),
        })
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteStartArray("members");
            foreach (var member in members)
            {
                json.WriteStringValue(member);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, BucketResource bucket)
    {
        json.WriteString("location", bucket.Location);
        json.WriteString("locationType", bucket.LocationType);
    }

    private static string Etag(BucketResource bucket) => Convert.ToBase64String(BitConverter.GetBytes(bucket.Metageneration));
}
