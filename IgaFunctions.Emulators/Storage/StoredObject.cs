namespace Iga.Emulators.Storage;

/// <summary>An object's metadata, as GCS keeps it.</summary>
public sealed record StoredObject
{
    public required string Bucket { get; init; }

    public required string Name { get; init; }

    /// <summary>Grows with every write of the object; unique in the emulator.</summary>
    public long Generation { get; init; }

    /// <summary>Counts changes of the metadata of one generation, from 1.</summary>
    public long Metageneration { get; init; } = 1;

    public string ContentType { get; init; } = "application/octet-stream";

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Base64 of the big-endian CRC-32C.</summary>
    public string Crc32C { get; init; } = "";

    /// <summary>Base64; empty for an object that was composed.</summary>
    public string Md5Hash { get; init; } = "";

    public string? CacheControl { get; init; }

    public string? ContentDisposition { get; init; }

    public string? ContentEncoding { get; init; }

    public string? ContentLanguage { get; init; }

    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Of how many objects it was composed; 0 for one that was not.</summary>
    public int ComponentCount { get; init; }

    public DateTimeOffset TimeCreated { get; init; }

    public DateTimeOffset Updated { get; init; }

    /// <summary>The caller's own entries.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The content's file, relative to the bucket's folder; null in memory.</summary>
    public string? File { get; init; }
}
