namespace Iga.Images;

/// <summary>A picture's format, as its first bytes tell it. What a model claims about its picture is not trusted.</summary>
public sealed record ImageFormat(string ContentType, string Extension)
{
    public static readonly ImageFormat Png = new("image/png", "png");
    public static readonly ImageFormat Jpeg = new("image/jpeg", "jpg");
    public static readonly ImageFormat WebP = new("image/webp", "webp");

    public static readonly IReadOnlyList<ImageFormat> All = [Png, Jpeg, WebP];

    /// <summary>How many bytes <see cref="Detect"/> looks at.</summary>
    public const int HeaderLength = 12;

    /// <returns>The format, or null when the bytes are not a picture that the service knows.</returns>
    public static ImageFormat? Detect(ReadOnlySpan<byte> image) => image switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP,
        _ => null,
    };
}
