using Iga.Images;

namespace Iga.Bucket;

/// <summary>A task's picture in the bucket, as it is now.</summary>
/// <param name="Name">The object's full name, prefix included.</param>
/// <param name="Generation">Which version of the object it is; 0 where the other side counts none.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc32C">Base64; null where the other side tells none.</param>
/// <param name="Created">When it was stored; null where the other side does not say.</param>
public sealed record StoredPicture(string Bucket, string Name, long Generation, long Size, string? Crc32C, DateTimeOffset? Created)
{
    private const string UnknownType = "application/octet-stream";

    /// <summary>From our own list, by the name that the service gave the object: what the object itself says anybody can have written.</summary>
    public string ContentType =>
        ImageFormat.All.FirstOrDefault(format => Name.EndsWith($".{format.Extension}", StringComparison.Ordinal))?.ContentType ?? UnknownType;

    /// <summary>Of the object's name what stands after the last slash.</summary>
    private string FileName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>To be shown where it is looked at, and saved under a name of our own.</summary>
    public string ContentDisposition => $"inline; filename=\"{FileName}\"";

    /// <summary>The same for as long as the bytes are: a version of an object never changes.</summary>
    public string ETag => Generation > 0 ? FormattableString.Invariant($"\"{Generation}\"") : $"\"{Crc32C}-{Size}\"";
}
