using System.Text.Json.Serialization;

namespace Iga.Images;

/// <summary>
/// What is known of a picture that is staged: it travels in place of the bytes, through the workflow's history and the key's row,
/// and says what the object in the bucket has to be.
/// </summary>
/// <param name="Size">Bytes.</param>
/// <param name="ContentType">MIME type, as the bytes tell it.</param>
/// <param name="Extension">Of the object's name, without a dot.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C, the form that GCS uses.</param>
/// <param name="Origin">How it was made; null where only the bytes are known.</param>
/// <param name="Generation">Which version of the object in the bucket it became; null where it is not stored, or that is not known.</param>
public sealed record StagedImage(
    long Size, string ContentType, string Extension, string Crc32C,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImageOrigin? Origin = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Generation = null)
{
    /// <summary>Whether the bytes are the same, whatever is known of how they were made.</summary>
    public bool IsSamePictureAs(StagedImage other) => Bytes == other.Bytes;

    private StagedImage Bytes => this with { Origin = null, Generation = null };

    public static StagedImage Of(ReadOnlySpan<byte> image, ImageFormat format) =>
        new(image.Length, format.ContentType, format.Extension, Images.Crc32C.Of(image));
}
