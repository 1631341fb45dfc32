using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>The words on a picture: what it was made from, and that no model made it.</summary>
internal static class Caption
{
    private const float Margin = 44;
    private const int MaxLines = 3;

    public static void Draw(Sheet s, string prompt, string modelId)
    {
        const float Size = 25;
        const float Leading = Size * 1.75f;
        var lines = Wrap(prompt, s.Width - (Margin * 2), Size);
        var top = s.Height - Margin - (lines.Count * Leading) + (Leading - Size);
        s.FillVertical(
            new SKRect(0, top - 130, s.Width, s.Height), top - 130, s.Height,
            [SKColors.Black.WithAlpha(0), SKColors.Black.WithAlpha(150), SKColors.Black.WithAlpha(190)], [0, 0.55f, 1]);
        using var paint = new SKPaint { Color = SKColors.White };
        foreach (var line in lines)
        {
            StrokeFont.Draw(s.Canvas, line, Margin, top, Size, paint);
            top += Leading;
        }

        DrawBadge(s, $"EMULATED · {modelId}");
    }

    private static void DrawBadge(Sheet s, string text)
    {
        const float Size = 17;
        text = Elide(text, s.Width - (Margin * 2) - 40, Size);
        var box = SKRect.Create(Margin - 8, Margin - 8, StrokeFont.Measure(text, Size) + 38, Size + 26);
        using var back = new SKPaint { Color = SKColors.Black.WithAlpha(140), IsAntialias = true };
        s.Canvas.DrawRoundRect(box, box.Height / 2, box.Height / 2, back);
        using var paint = new SKPaint { Color = SKColors.White.WithAlpha(235) };
        StrokeFont.Draw(s.Canvas, text, box.Left + 20, box.Top + 13, Size, paint);
    }

    private static List<string> Wrap(string text, float width, float size)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && StrokeFont.Measure(longer, size) > width)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
            if (lines.Count == MaxLines)
            {
                lines[^1] = Elide(lines[^1] + " …", width, size);
                return lines;
            }
        }

        lines.Add(line);
        return [.. lines.Select(l => Elide(l, width, size))];
    }

    private static string Elide(string text, float width, float size)
    {
        if (StrokeFont.Measure(text, size) <= width)
        {
            return text;
        }

        var (length, left) = (0, width - StrokeFont.Measure("…", size));
        while (length < text.Length && (left -= StrokeFont.Measure(text.AsSpan(length, 1), size)) >= 0)
        {
            length++;
        }

        return $"{text.AsSpan(0, length)}…";
    }
}
