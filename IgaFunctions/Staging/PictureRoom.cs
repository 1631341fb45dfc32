namespace Iga.Staging;

/// <summary>How much room a picture may need.</summary>
internal static class PictureRoom
{
    /// <summary>Of a 1K picture.</summary>
    public const long Usual = 4 * MiB;

    private const long MiB = 1 << 20;

    /// <summary>
    /// Four bytes a pixel of a square, which no PNG of a photograph exceeds; the models' other ratios have about as many pixels. A model
    /// without a choice of sizes draws some 1K.
    /// </summary>
    /// <param name="size"><c>512</c>, <c>1K</c>, <c>2K</c> or <c>4K</c>; null is 1K.</param>
    public static long BytesFor(string? size) => size switch
    {
        "512" => MiB,
        "2K" => 16 * MiB,
        "4K" => 64 * MiB,
        _ => Usual,
    };
}
