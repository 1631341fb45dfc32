using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>
/// Draws the picture for a prompt: an abstract scene that follows from the prompt alone, with the prompt as its caption.
/// The same request gives the same bytes.
/// </summary>
internal static class Painter
{
    // A sheet is 4 MB at 1K and 64 MB at 4K: however many calls wait, only so many are drawn at once.
    private static readonly SemaphoreSlim Easels = new(Environment.ProcessorCount);

    public static async ValueTask<Picture> PaintAsync(PictureRequest request, CancellationToken cancellationToken)
    {
        await Easels.WaitAsync(cancellationToken);
        try
        {
            return Paint(request);
        }
        finally
        {
            Easels.Release();
        }
    }

    public static Picture Paint(PictureRequest request)
    {
        var dice = new Dice($"{request.Prompt}\n{request.ModelId}\n{request.Index}");
        var info = new SKImageInfo(request.Width, request.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var surface = SKSurface.Create(info);
        var unit = Math.Min(request.Width, request.Height) / 1000f;
        surface.Canvas.Scale(unit);
        var sheet = new Sheet(surface.Canvas, request.Width / unit, request.Height / unit, Palette.Of(dice), dice);
        dice.Of<Action<Sheet>>(Scenes.All)(sheet);
        Caption.Draw(sheet, request.Prompt, request.ModelId);

        using var pixels = surface.PeekPixels();
        var jpeg = request.MimeType == "image/jpeg";
        // Level 1 with the cheapest filter: a third of the time, for files that are a little larger.
        using var data = jpeg
            ? pixels.Encode(new SKJpegEncoderOptions(88))
            : pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.Sub, 1));
        var type = jpeg ? "image/jpeg" : "image/png";
        return new Picture(OriginLabel.AddTo(data!.AsSpan(), type, request.ModelId), type);
    }
}
