using Iga.Models;

namespace Iga.Staging;

/// <summary>What is known of a staged picture; it travels through the workflow's history in place of the bytes.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ContentType">MIME type, as the bytes tell it.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C, the form that GCS uses.</param>
public sealed record StagedImage(long Size, string ContentType, string Extension, string Crc32C)
{
    public static StagedImage Of(ReadOnlySpan<byte> image, ImageFormat format) =>
        new(image.Length, format.ContentType, format.Extension, Staging.Crc32C.Of(image));
}
