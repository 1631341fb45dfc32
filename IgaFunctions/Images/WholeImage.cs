namespace Iga.Images;

/// <summary>
/// A picture that is whole, as far as its structure tells: it begins, goes on and ends as its format asks for, and is not of zero
/// size. Nothing is decoded. Bytes after the picture's end are none of its business.
/// </summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public sealed record WholeImage(ImageFormat Format, int Width, int Height)
{
    /// <returns>Null when the bytes are no picture that the service knows, or one that is cut off or damaged.</returns>
    public static WholeImage? Of(ReadOnlySpan<byte> image)
    {
        if (ImageFormat.Detect(image) is not { } format)
        {
            return null;
        }

        var size = format == ImageFormat.Png ? PngStructure.SizeOf(image)
            : format == ImageFormat.Jpeg ? JpegStructure.SizeOf(image)
            : WebPStructure.SizeOf(image);
        return size is { Width: > 0, Height: > 0 } found ? new(format, found.Width, found.Height) : null;
    }
}
