using System.Text.Json.Nodes;

namespace Iga.Emulators.Storage;

/// <summary>What is known of a bucket.</summary>
internal sealed record BucketResource
{
    public required string Name { get; init; }

    /// <summary>Counts changes, from 1.</summary>
    public long Metageneration { get; init; } = 1;

    public required DateTimeOffset TimeCreated { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>What callers set, as they set it: labels, lifecycle and such. Never changed in place.</summary>
    public JsonObject Fields { get; init; } = [];

    /// <summary>The class of objects that are stored without naming one.</summary>
    public string StorageClass => (string?)Fields["storageClass"] ?? Storage.StorageClass.Default;

    /// <summary>In upper case, as GCS answers it.</summary>
    public string Location => ((string?)Fields["location"])?.ToUpperInvariant() ?? "US";

    public string LocationType => Location switch
    {
        "US" or "EU" or "ASIA" => "multi-region",
        _ when Location.Contains('-', StringComparison.Ordinal) => "region",
        _ => "dual-region",
    };

    public static BucketResource New(string name, DateTimeOffset now) => new() { Name = name, TimeCreated = now, Updated = now };
}
