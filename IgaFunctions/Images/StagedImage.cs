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
public sealed record StagedImage(
    long Size, string ContentType, string Extension, string Crc32C,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImageOrigin? Origin = null)
{
    /// <summary>Whether the bytes are the same, whatever is known of how they were made.</summary>
    public bool IsSamePictureAs(StagedImage other) => this with { Origin = null } == other with { Origin = null };

    public static StagedImage Of(ReadOnlySpan<byte> image, ImageFormat format) =>
        new(image.Length, format.ContentType, format.Extension, Images.Crc32C.Of(image));
}
