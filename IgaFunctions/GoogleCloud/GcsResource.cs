using System.Text.Json.Serialization;

namespace Iga.GoogleCloud;

/// <summary>An object's resource in the JSON API; only what the service writes or reads of it.</summary>
internal sealed record GcsResource
{
    public string? Name { get; init; }

    public string? ContentType { get; init; }

    public string? Crc32c { get; init; }

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? Generation { get; init; }

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? Metageneration { get; init; }

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    public long? Size { get; init; }

    public DateTimeOffset? TimeCreated { get; init; }

    public Dictionary<string, string>? Metadata { get; init; }
}
