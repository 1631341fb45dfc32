using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>A planet among stars, with moons and perhaps rings.</summary>
internal static class PlanetScene
{
    public static void Draw(Sheet s)
    {
        var deep = Palette.Mix(s.Palette.Near, SKColors.Black, 0.35f);
        var glimmer = Palette.Mix(s.Palette.Near, s.Palette.Middle, 0.5f);
        s.FillVertical(new SKRect(0, 0, s.Width, s.Height), 0, s.Height, [deep, s.Palette.Near, glimmer]);
        s.Glow(s.Dice.Between(0, s.Width), s.Dice.Between(0, s.Height), 700, s.Palette.Middle, 120);
        s.Glow(s.Dice.Between(0, s.Width), s.Dice.Between(0, s.Height), 500, s.Palette.Low, 70);
        s.Stars(260, 1);
        var (x, y) = (s.Width * s.Dice.Between(0.35f, 0.65f), s.Height * s.Dice.Between(0.36f, 0.5f));
        var radius = s.Dice.Between(190, 270);
        s.Canvas.Save();
        s.Canvas.RotateDegrees(s.Dice.Between(-28, 28), x, y);
        var rings = s.Dice.Pick(3) > 0;
        if (rings)
        {
            Ring(s, x, y, radius, 180);
        }

        Ball(s, x, y, radius, s.Palette.Low, s.Palette.Middle, s.Palette.Top);
        if (rings)
        {
            Ring(s, x, y, radius, 0);
        }

        s.Canvas.Restore();
        for (var i = 1 + s.Dice.Pick(3); i >= 0; i--)
        {
            Ball(s, s.Dice.Between(0.06f, 0.94f) * s.Width, s.Dice.Between(0.16f, 0.75f) * s.Height, s.Dice.Between(16, 58),
                s.Palette.Light, s.Palette.Far, s.Palette.Near);
        }
    }

    private static void Ball(Sheet s, float x, float y, float radius, SKColor lit, SKColor body, SKColor shade)
    {
        using var shader = SKShader.CreateTwoPointConicalGradient(
            new SKPoint(x - (radius * 0.42f), y - (radius * 0.42f)), 0, new SKPoint(x, y), radius * 1.05f,
            [lit, body, shade, Palette.Mix(shade, SKColors.Black, 0.45f)], [0, 0.45f, 0.82f, 1], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, IsAntialias = true };
        s.Canvas.DrawCircle(x, y, radius, paint);
    }

    private static void Ring(Sheet s, float x, float y, float radius, float from)
    {
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.Stroke };
        for (var i = 0; i < 6; i++)
        {
            var r = radius * (1.38f + (0.1f * i));
            paint.StrokeWidth = radius * (i % 2 == 0 ? 0.075f : 0.03f);
            paint.Color = Palette.Mix(s.Palette.Light, s.Palette.Low, i / 5f).WithAlpha((byte)(200 - (i * 22)));
            s.Canvas.DrawArc(new SKRect(x - r, y - (r * 0.24f), x + r, y + (r * 0.24f)), from, 180, false, paint);
        }
    }
}
