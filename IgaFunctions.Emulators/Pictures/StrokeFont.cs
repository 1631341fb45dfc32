using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>
/// A small stroke font of its own, so that a caption looks the same on a machine without any fonts. Small letters are small
/// capitals; what is neither ASCII nor a common sign of punctuation is a box.
/// </summary>
internal static class StrokeFont
{
    /// <summary>From one letter to the next, in units of the grid: 4 wide, 6 high.</summary>
    private const float Advance = 5.6f;

    private const float SmallCapital = 0.8f;

    // A letter, then its polylines on the grid, each point two digits: x from the left, y from the top.
    private static readonly Dictionary<char, string> Glyphs = """
        A 062046 1434|B 0333444536060030414233|C 4130100105163645|D 00204244260600|E 40000646 0333|F 400006 0333
        G 41301001051636454323|H 0006 4046 0343|I 1030 2026 1636|J 4045361605|K 0006 4004 1346|L 000646|M 0600234046
        N 06004640|O 20304145361605011020|P 06003041423303|Q 20304145361605011020 2446|R 06003041423303 2346
        S 413010010213334445361605|T 0040 2026|U 000516364540|V 002640|W 0016233640|X 0046 4006|Y 002340 2326|Z 00400646
        0 20304145361605011020 1432|1 112026 1636|2 01103041420646|3 0110304142334445361605 2333|4 36300444
        5 400002324345361605|6 30100105163645443303|7 004026|8 13020110304142331304051636454433|9 16364541301001021343
        ! 2024 2626|" 1012 3032|# 1016 3036 0242 0444|$ 413010010213334445361605 2026|% 4006 1111 3535
        & 4612112031320405162644|' 2022|( 30212536|) 10212516|* 2125 0244 4204|+ 2125 0343|, 2517|- 1333|. 2626|/ 4006
        : 2222 2626|; 2222 2517|< 311335|= 0242 0444|> 113315|? 01103041422324 2626|@ 4441301001051646 42222444
        [ 30202636|\ 0046|] 10202616|^ 122032|_ 0646|` 1021|{ 30212213242536|} 10212233242516|~ 03123443|· 2323
        … 0606 2626 4646
        """.Split(['|', '\n'], StringSplitOptions.TrimEntries).ToDictionary(g => g[0], g => g[2..]);

    private static readonly Dictionary<char, char> Alike = "‘'’'“\"”\"–-—-ÀAÁAÂAÃAÄAÅAÇCÈEÉEÊEËEÌIÍIÎIÏIÑNÒOÓOÔOÕOÖOØOÙUÚUÛUÜUÝY"
        .Chunk(2).SelectMany(p => new[] { (p[0], p[1]), (char.ToLowerInvariant(p[0]), char.ToLowerInvariant(p[1])) })
        .DistinctBy(p => p.Item1).ToDictionary(p => p.Item1, p => p.Item2);

    /// <summary>Draws one line; its top left corner is at the point.</summary>
    /// <param name="size">Height of a capital letter.</param>
    public static void Draw(SKCanvas canvas, string text, float x, float y, float size, SKPaint paint)
    {
        var unit = size / 6;
        using var builder = new SKPathBuilder();
        foreach (var sign in text)
        {
            var letter = Alike.GetValueOrDefault(sign, sign);
            var scale = char.IsAsciiLetterLower(letter) ? SmallCapital : 1;
            AddGlyph(builder, Glyph(letter), x, y + (size * (1 - scale)), unit * scale);
            x += Width(letter) * unit;
        }

        using var path = builder.Detach();
        using var rounding = SKPathEffect.CreateCorner(unit * 0.9f);
        paint.IsAntialias = true;
        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = unit * 0.85f;
        paint.StrokeCap = SKStrokeCap.Round;
        paint.StrokeJoin = SKStrokeJoin.Round;
        paint.PathEffect = rounding;
        canvas.DrawPath(path, paint);
        paint.PathEffect = null;
    }

    /// <returns>The width of a line, in the units of <paramref name="size"/>.</returns>
    public static float Measure(ReadOnlySpan<char> text, float size)
    {
        var width = 0f;
        foreach (var sign in text)
        {
            width += Width(Alike.GetValueOrDefault(sign, sign));
        }

        return width * size / 6;
    }

    private static float Width(char letter) => Advance * (char.IsAsciiLetterLower(letter) ? 0.86f : 1);

    private static string Glyph(char letter) => letter switch
    {
        ' ' => "",
        '|' => "2026",
        _ => Glyphs.GetValueOrDefault(char.ToUpperInvariant(letter), "0040460600"),
    };

    private static void AddGlyph(SKPathBuilder builder, string glyph, float x, float y, float unit)
    {
        foreach (var line in glyph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            for (var i = 0; i < line.Length; i += 2)
            {
                var point = new SKPoint(x + ((line[i] - '0') * unit), y + ((line[i + 1] - '0') * unit));
                if (i == 0)
                {
                    builder.MoveTo(point);
                }
                else
                {
                    builder.LineTo(point);
                }
            }
        }
    }
}
