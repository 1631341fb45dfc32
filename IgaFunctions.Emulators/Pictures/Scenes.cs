using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>The compositions. Which one a picture is follows from its prompt, and so does everything in it.</summary>
internal static class Scenes
{
    public static readonly Action<Sheet>[] All = [Mountains, Sea, Dunes, PlanetScene.Draw, Ribbons, Facets];

    private static void Mountains(Sheet s)
    {
        s.Sky(0.72f);
        if (s.Palette.IsDark)
        {
            s.Stars(140, 0.5f);
        }

        Sun(s, s.Height * s.Dice.Between(0.2f, 0.42f));
        var layers = 4 + s.Dice.Pick(3);
        for (var i = 0; i < layers; i++)
        {
            var depth = (i + 1f) / layers;
            var y = s.Height * (0.44f + (0.4f * depth * depth));
            var swing = s.Height * (0.11f - (0.05f * depth));
            var distant = Palette.Mix(s.Palette.Low, s.Palette.Far, 0.35f + (0.65f * depth));
            var colour = Palette.Mix(distant, s.Palette.Near, depth * depth);
            var haze = Palette.Mix(colour, s.Palette.Low, 0.45f * (1 - depth));
            s.Land(s.Rolling(y, swing, s.Dice.Between(700, 1300), 0.52f), y - swing, colour, haze, 4);
        }
    }

    private static void Sea(Sheet s)
    {
        var horizon = s.Height * s.Dice.Between(0.5f, 0.62f);
        s.Sky(horizon / s.Height);
        if (s.Palette.IsDark)
        {
            s.Stars(90, 0.35f);
        }

        var x = s.Width * s.Dice.Between(0.25f, 0.75f);
        var radius = s.Dice.Between(70, 130);
        s.Glow(x, horizon, radius * 5, s.Palette.Light, 170);
        s.Disc(x, horizon - (radius * s.Dice.Between(-0.2f, 0.7f)), radius, s.Palette.Light);
        var water = Palette.Mix(s.Palette.Far, s.Palette.Low, 0.35f);
        s.FillVertical(new SKRect(0, horizon, s.Width, s.Height), horizon, s.Height, [water, s.Palette.Far, s.Palette.Near]);
        using (var paint = new SKPaint { IsAntialias = true })
        {
            for (var i = 0; i < 46; i++)
            {
                var depth = i / 46f;
                var y = horizon + 5 + ((s.Height - horizon) * depth * depth * 0.9f);
                var half = radius * (0.35f + (1.5f * depth)) * s.Dice.Between(0.35f, 1.1f);
                var at = x + (s.Dice.Between(-0.6f, 0.6f) * radius * (0.4f + depth));
                paint.Color = s.Palette.Light.WithAlpha((byte)(170 * (1 - (depth * 0.85f))));
                s.Canvas.DrawOval(at, y, half, 1.5f + (4.5f * depth), paint);
            }
        }

        for (var i = 0; i < 3; i++)
        {
            var y = s.Height * (0.78f + (0.08f * i));
            var colour = Palette.Mix(s.Palette.Far, s.Palette.Near, 0.45f + (0.25f * i)).WithAlpha(190);
            s.Land(s.Rolling(y, 12 + (6 * i), s.Dice.Between(420, 800), 0.3f), y - 20, colour, s.Palette.Near);
        }
    }

    private static void Dunes(Sheet s)
    {
        s.Sky(0.65f);
        Sun(s, s.Height * s.Dice.Between(0.18f, 0.36f));
        for (var i = 0; i < 4; i++)
        {
            var depth = (i + 1) / 4f;
            var y = s.Height * (0.4f + (0.42f * depth));
            var swing = 34 + (46 * depth);
            var crest = s.Rolling(y, swing, s.Dice.Between(900, 1700), 0.22f);
            var lit = Palette.Mix(Palette.Mix(s.Palette.Low, s.Palette.Far, depth), s.Palette.Near, depth * 0.55f);
            s.Land(crest, y - swing, lit, Palette.Mix(lit, s.Palette.Near, 0.35f));
            // The lee side: the same crest, sunk by a second curve, in shade.
            var lee = s.Rolling(0, 60, s.Dice.Between(500, 900), 0.25f);
            s.Land(x => crest(x) + MathF.Max(0, 26 + lee(x)), y, lit.WithAlpha(0),
                Palette.Mix(lit, s.Palette.Near, 0.6f).WithAlpha(210));
        }
    }

    private static void Ribbons(Sheet s)
    {
        s.Sky();
        s.Glow(s.Width * s.Dice.Between(0.2f, 0.8f), s.Height * s.Dice.Between(0.1f, 0.5f), 620, s.Palette.Light, 150);
        var slope = s.Dice.Between(-0.35f, 0.35f);
        for (var i = 0; i < 7; i++)
        {
            var depth = i / 6f;
            var y = s.Height * (0.18f + (0.78f * depth));
            var wave = s.Rolling(y, 70, s.Dice.Between(1100, 1900), 0.3f);
            var colour = depth < 0.5f
                ? Palette.Mix(s.Palette.Light, s.Palette.Far, depth * 2)
                : Palette.Mix(s.Palette.Far, s.Palette.Near, (depth - 0.5f) * 2);
            s.Land(x => wave(x) + (slope * (x - (s.Width / 2))), y - 90, colour.WithAlpha(150), colour.WithAlpha(60));
        }
    }

    private static void Facets(Sheet s)
    {
        var columns = (int)MathF.Round(s.Width / 125);
        var rows = (int)MathF.Round(s.Height / 125);
        var corners = new SKPoint[columns + 3, rows + 3];
        for (var i = 0; i < columns + 3; i++)
        {
            for (var j = 0; j < rows + 3; j++)
            {
                corners[i, j] = new SKPoint(
                    (i - 1 + s.Dice.Between(-0.38f, 0.38f)) * s.Width / columns,
                    (j - 1 + s.Dice.Between(-0.38f, 0.38f)) * s.Height / rows);
            }
        }

        var bend = s.Rolling(0, 0.16f, 1400, 0.4f);
        var (sunX, sunY) = (s.Width * s.Dice.Between(0.2f, 0.8f), s.Height * s.Dice.Between(0.12f, 0.5f));
        using var paint = new SKPaint { IsAntialias = true, Style = SKPaintStyle.StrokeAndFill, StrokeWidth = 0.8f };
        void Facet(SKPoint a, SKPoint b, SKPoint c)
        {
            var (x, y) = ((a.X + b.X + c.X) / 3, (a.Y + b.Y + c.Y) / 3);
            var t = Math.Clamp((y / s.Height) + bend(x), 0, 1) * 4;
            SKColor[] scale = [s.Palette.Top, s.Palette.Middle, s.Palette.Low, s.Palette.Far, s.Palette.Near];
            var at = Math.Min(3, (int)t);
            var light = MathF.Exp(-(MathF.Pow(x - sunX, 2) + MathF.Pow(y - sunY, 2)) / 60_000) * 0.75f;
            paint.Color = Palette.Mix(
                Palette.Mix(Palette.Mix(scale[at], scale[at + 1], t - at), s.Palette.Light, light),
                s.Dice.Pick(2) == 0 ? s.Palette.Light : s.Palette.Near, s.Dice.Between(0, 0.13f));
            using var builder = new SKPathBuilder();
            builder.AddPoly([a, b, c], true);
            using var path = builder.Detach();
            s.Canvas.DrawPath(path, paint);
        }

        for (var i = 0; i < columns + 2; i++)
        {
            for (var j = 0; j < rows + 2; j++)
            {
                Facet(corners[i, j], corners[i + 1, j], corners[i, j + 1]);
                Facet(corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]);
            }
        }
    }

    private static void Sun(Sheet s, float y)
    {
        var x = s.Width * s.Dice.Between(0.2f, 0.8f);
        var radius = s.Dice.Between(48, 105);
        s.Glow(x, y, radius * 5.5f, s.Palette.Light, 150);
        s.Canvas.Save();
        if (s.Palette.IsDark && s.Dice.Pick(2) == 0)
        {
            using var builder = new SKPathBuilder();
            builder.AddCircle(x + (radius * 0.42f), y - (radius * 0.16f), radius * 0.86f, SKPathDirection.Clockwise);
            using var shadow = builder.Detach();
            s.Canvas.ClipPath(shadow, SKClipOperation.Difference, antialias: true);
        }

        s.Disc(x, y, radius, s.Palette.Light);
        s.Canvas.Restore();
    }
}
