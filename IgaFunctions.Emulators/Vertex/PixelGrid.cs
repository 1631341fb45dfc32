using System.Globalization;

namespace Iga.Emulators.Vertex;

/// <summary>Which pixels a model draws for a ratio and a size.</summary>
internal static class PixelGrid
{
    private static readonly Dictionary<string, (int Width, int Height)> Imagen = Turned(new()
    {
        ["1:1"] = (1024, 1024),
        ["3:4"] = (896, 1280),
        ["9:16"] = (768, 1408),
    });

    /// <summary>Of gemini-2.5-flash-image.</summary>
    private static readonly Dictionary<string, (int Width, int Height)> Gemini25 = Turned(new()
    {
        ["1:1"] = (1024, 1024),
        ["2:3"] = (832, 1248),
        ["3:4"] = (864, 1184),
        ["4:5"] = (896, 1152),
        ["9:16"] = (768, 1344),
        ["21:9"] = (1536, 672),
    });

    /// <summary>Of the later models, at 1K; twice that at 2K, four times at 4K.</summary>
    private static readonly Dictionary<string, (int Width, int Height)> Gemini3 = Turned(new()
    {
        ["1:1"] = (1024, 1024),
        ["2:3"] = (848, 1264),
        ["3:4"] = (896, 1200),
        ["4:5"] = (928, 1152),
        ["9:16"] = (768, 1376),
        ["21:9"] = (1584, 672),
        ["1:4"] = (512, 2048),
        ["1:8"] = (384, 3072),
    });

    // Half of 1K, but for 21:9.
    private static readonly Dictionary<string, (int Width, int Height)> Gemini3At512 =
        new(Gemini3.ToDictionary(row => row.Key, row => (row.Value.Width / 2, row.Value.Height / 2))) { ["21:9"] = (792, 168) };

    /// <returns>The ratios that a model draws at all, if the catalog does not say otherwise.</returns>
    public static IReadOnlyCollection<string> RatiosOf(string modelId) => GridOf(modelId).Keys;

    /// <param name="ratio">One of <see cref="RatiosOf"/>.</param>
    /// <param name="size"><c>512</c>, <c>1K</c>, <c>2K</c> or <c>4K</c>.</param>
    public static (int Width, int Height) PixelsOf(string modelId, string ratio, string size)
    {
        var grid = GridOf(modelId);
        if (size == "512" && grid == Gemini3 && Gemini3At512.TryGetValue(ratio, out var small))
        {
            return small;
        }

        var (width, height) = grid.TryGetValue(ratio, out var pixels) ? pixels : Reckon(ratio);
        return size switch
        {
            "512" => (width / 2, height / 2),
            "2K" => (width * 2, height * 2),
            "4K" => (width * 4, height * 4),
            _ => (width, height),
        };
    }

    /// <summary>For a ratio that only an added catalog has: about a million pixels, sides of whole sixteens.</summary>
    private static (int Width, int Height) Reckon(string ratio)
    {
        double[] sides = [.. ratio.Split(':').Select(side => double.Parse(side, CultureInfo.InvariantCulture))];
        var width = Math.Sqrt(1024 * 1024 * sides[0] / sides[1]);
        return ((int)Math.Round(width / 16) * 16, (int)Math.Round(width * sides[1] / sides[0] / 16) * 16);
    }

    private static Dictionary<string, (int Width, int Height)> GridOf(string modelId) =>
        Dialect.OfModel(modelId) == Dialect.Imagen ? Imagen
        : modelId.StartsWith("gemini-2.5", StringComparison.Ordinal) ? Gemini25
        : Gemini3;

    /// <summary>Adds the ratios turned round: 3:2 has the sides of 2:3 swapped. 21:9 is not there the other way.</summary>
    private static Dictionary<string, (int Width, int Height)> Turned(Dictionary<string, (int Width, int Height)> upright)
    {
        foreach (var (ratio, (width, height)) in upright.Where(row => row.Key is not ("1:1" or "21:9")).ToArray())
        {
            upright[string.Join(':', ratio.Split(':').Reverse())] = (height, width);
        }

        return upright;
    }
}
