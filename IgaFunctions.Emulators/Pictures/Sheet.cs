using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>A canvas with the few strokes that the scenes are made of. One unit is a thousandth of the short side.</summary>
internal sealed class Sheet(SKCanvas canvas, float width, float height, Palette palette, Dice dice)
{
    public SKCanvas Canvas { get; } = canvas;

    public float Width { get; } = width;

    public float Height { get; } = height;

    public Palette Palette { get; } = palette;

    public Dice Dice { get; } = dice;

    public void Sky(float horizon = 1)
    {
        var colours = new[] { Palette.Top, Palette.Middle, Palette.Low };
        FillVertical(new SKRect(0, 0, Width, Height), 0, Height * horizon, colours, [0, 0.55f, 1]);
    }

    public void Stars(int count, float below)
    {
        using var paint = new SKPaint { IsAntialias = true };
        for (var i = 0; i < count; i++)
        {
            var near = Dice.Between(0, 1);
            paint.Color = Palette.Light.WithAlpha((byte)(60 + (150 * near * near)));
            Canvas.DrawCircle(Dice.Between(0, Width), Dice.Between(0, Height * below), 0.7f + (2.1f * near * near), paint);
        }
    }

    public void Glow(float x, float y, float radius, SKColor colour, byte alpha)
    {
        SKColor Faded(float part) => colour.WithAlpha((byte)(alpha * part));
        using var shader = SKShader.CreateRadialGradient(
            new SKPoint(x, y), radius,
            [Faded(1), Faded(0.45f), Faded(0.12f), Faded(0)], [0, 0.3f, 0.65f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        Canvas.DrawRect(SKRect.Create(x - radius, y - radius, radius * 2, radius * 2), paint);
    }

    public void Disc(float x, float y, float radius, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        Canvas.DrawCircle(x, y, radius, paint);
    }

    public void FillVertical(SKRect area, float from, float to, SKColor[] colours, float[]? stops = null)
    {
        using var shader = SKShader.CreateLinearGradient(
            new SKPoint(0, from), new SKPoint(0, to), colours, stops, SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader };
        Canvas.DrawRect(area, paint);
    }

    /// <summary>Fills all below a line, from one colour at the line's top to another at the bottom of the picture.</summary>
    public void Land(Func<float, float> line, float top, SKColor upper, SKColor lower, float step = 6)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo(0, Height);
        for (var x = 0f; x < Width + step; x += step)
        {
            builder.LineTo(x, line(x));
        }

        builder.LineTo(Width + step, Height);
        builder.Close();
        using var path = builder.Detach();
        using var shader = SKShader.CreateLinearGradient(
            new SKPoint(0, top), new SKPoint(0, Height), [upper, lower], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        Canvas.DrawPath(path, paint);
    }

    /// <summary>A sum of sines: rough for mountains, smooth for dunes and waves.</summary>
    /// <param name="rough">0 to 1: how much the short waves count.</param>
    public Func<float, float> Rolling(float y, float swing, float length, float rough)
    {
        Span<float> phases = stackalloc float[6];
        foreach (ref var phase in phases)
        {
            phase = Dice.Between(0, MathF.Tau);
        }

        var p = phases.ToArray();
        return x =>
        {
            var (sum, weight, frequency) = (0f, 1f, MathF.Tau / length);
            foreach (var phase in p)
            {
                sum += weight * MathF.Sin((x * frequency) + phase);
                weight *= rough;
                frequency *= 2.03f;
            }

            return y + (swing * sum);
        };
    }
}
