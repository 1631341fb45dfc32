using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// The fields that callers set on a bucket. Those that the emulator keeps and gives back change nothing but the default storage class; one that
/// would make GCS answer otherwise than the emulator does is refused.
/// </summary>
internal static class BucketFields
{
    private static readonly string[] Kept =
    [
        "labels", "storageClass", "location", "lifecycle", "cors", "website", "logging", "encryption", "iamConfiguration", "softDeletePolicy",
        "autoclass", "rpo", "billing", "ipFilter",
    ];

    /// <summary>Clients send back what they were given.</summary>
    private static readonly string[] ReadOnly =
    [
        "kind", "id", "selfLink", "name", "projectNumber", "metageneration", "generation", "timeCreated", "updated", "etag", "owner",
        "locationType", "satisfiesPZS", "satisfiesPZI",
    ];

    /// <summary>The fields after a PATCH: objects are merged, a null takes a field away.</summary>
    /// <exception cref="ApiException">400 or 501, naming the field.</exception>
    public static JsonObject Merge(BucketResource bucket, JsonElement resource) => Check(bucket, Merged(bucket.Fields, Settable(resource)));

    /// <summary>The fields after a PUT: those of the request, and no others. A bucket stays where it is.</summary>
    /// <exception cref="ApiException">400 or 501, naming the field.</exception>
    public static JsonObject Replace(BucketResource bucket, JsonElement resource)
    {
        var fields = Merged([], Settable(resource));
        fields["location"] ??= bucket.Location;
        return Check(bucket, fields);
    }

    /// <summary>The fields of a new bucket.</summary>
    /// <exception cref="ApiException">400 or 501, naming the field.</exception>
    public static JsonObject Create(JsonElement resource) => Check(bucket: null, Merged([], Settable(resource)));

    private static JsonObject Settable(JsonElement resource)
    {
        var fields = JsonObject.Create(resource)!;
        foreach (var (name, value) in fields.ToList())
        {
            if (!Kept.Contains(name))
            {
                fields.Remove(name);
                if (!ReadOnly.Contains(name) && !IsOff(value))
                {
                    throw new ApiException(501, "notImplemented", $"The emulator has no buckets with {name}.");
                }
            }
        }

        return fields;
    }

    /// <summary>Such as <c>"versioning": {"enabled": false}</c>, which is how every bucket of the emulator is.</summary>
    private static bool IsOff(JsonNode? value) => value switch
    {
        null => true,
        JsonObject { Count: 0 } or JsonArray { Count: 0 } => true,
        JsonObject { Count: 1 } entry => entry.First() is ("enabled", { } enabled) && IsOff(enabled),
        JsonValue flag => flag.GetValueKind() == JsonValueKind.False,
        _ => false,
    };

    private static JsonObject Merged(JsonObject fields, JsonObject changes)
    {
        var merged = (JsonObject)fields.DeepClone();
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = change is JsonObject inner ? Merged(merged[name] as JsonObject ?? [], inner) : change.DeepClone();
            }
        }

        return merged;
    }

    private static JsonObject Check(BucketResource? bucket, JsonObject fields)
    {
        foreach (var name in (string[])["storageClass", "location"])
        {
            if (fields[name] is { } value && value.GetValueKind() != JsonValueKind.String)
            {
                throw new ApiException(400, "invalid", $"Invalid value for: {name}");
            }
        }

        if (fields["storageClass"] is { } storageClass)
        {
            StorageClass.Check((string)storageClass!);
        }

        if (fields["labels"] is { } labels
            && (labels is not JsonObject entries || entries.Any(entry => entry.Value!.GetValueKind() != JsonValueKind.String)))
        {
            throw new ApiException(400, "invalid", "Invalid value for: labels");
        }

        if (bucket is not null && (string?)fields["location"] is { } location
            && !location.Equals(bucket.Location, StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(400, "invalid", "Invalid value for: location. A bucket's location can't be changed.");
        }

        return fields;
    }
}
