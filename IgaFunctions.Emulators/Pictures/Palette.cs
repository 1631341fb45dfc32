using SkiaSharp;

namespace Iga.Emulators.Pictures;

/// <summary>The colours of a picture.</summary>
/// <param name="Top">The sky above.</param>
/// <param name="Middle">Halfway down the sky.</param>
/// <param name="Low">The sky at the horizon, and the haze.</param>
/// <param name="Light">Sun, moon, stars and foam.</param>
/// <param name="Far">The furthest layer.</param>
/// <param name="Near">The nearest layer.</param>
internal sealed record Palette(SKColor Top, SKColor Middle, SKColor Low, SKColor Light, SKColor Far, SKColor Near)
{
    private static readonly uint[][] Colours =
    [
        [0x2B1B54, 0xB5446E, 0xFFB88C, 0xFFF1C9, 0xA15A86, 0x1F1236], // dawn
        [0x0B2447, 0x19647E, 0xFFC857, 0xFFF4D6, 0x2A7F86, 0x07202F], // teal dusk
        [0x5CC2A8, 0xBFE6CB, 0xFCEFB4, 0xFFFFFF, 0x6FB8A4, 0x164A41], // mint morning
        [0xF08A4B, 0xF6BD60, 0xFBE3B5, 0xFFF8E7, 0xD9774A, 0x5A2333], // desert
        [0x0F2027, 0x2C7DA0, 0xA9D6E5, 0xF1FAFF, 0x5A9FBF, 0x012A4A], // arctic
        [0x3D348B, 0x7678ED, 0xF7B4A0, 0xFFF3E0, 0x7F6FC2, 0x1E1A4B], // lavender
        [0x5F0F40, 0xB3261E, 0xFB8B24, 0xFFE8B5, 0x8C2F45, 0x2B061E], // ember
        [0x0B3D2E, 0x3A7D44, 0xD9ED92, 0xFBFFE3, 0x4F8F60, 0x08251C], // forest
        [0x05061B, 0x1B1F5E, 0x6C5BB0, 0xF4F1FF, 0x38387F, 0x060716], // midnight
        [0xE85D75, 0xFFA69E, 0xFFE5D9, 0xFFFAF0, 0xD1697E, 0x4A1F3D], // coral
        [0x03045E, 0x0077B6, 0x90E0EF, 0xFFFFFF, 0x2FA0CC, 0x02183D], // ocean
        [0x2E1F05, 0x9A7209, 0xFFDC73, 0xFFF7DB, 0x9C7A1C, 0x241A02], // gold
        [0x10002B, 0x5A189A, 0xE0AAFF, 0xFFE5F7, 0x7B3FB5, 0x14042B], // orchid
        [0x1D3557, 0x457B9D, 0xF1D9C0, 0xFFFFFF, 0x6E93A8, 0x14263D], // mist
    ];

    public static Palette Of(Dice dice)
    {
        var colours = dice.Of<uint[]>(Colours);
        var turn = dice.Between(-14, 14);
        SKColor Turned(int i)
        {
            new SKColor(0xFF000000 | colours[i]).ToHsl(out var h, out var s, out var l);
            return SKColor.FromHsl((h + turn + 360) % 360, s, l);
        }

        return new Palette(Turned(0), Turned(1), Turned(2), Turned(3), Turned(4), Turned(5));
    }

    public bool IsDark => Brightness(Top) < 90;

    public static SKColor Mix(SKColor a, SKColor b, float t) => new(
        (byte)(a.Red + ((b.Red - a.Red) * t)),
        (byte)(a.Green + ((b.Green - a.Green) * t)),
        (byte)(a.Blue + ((b.Blue - a.Blue) * t)),
        (byte)(a.Alpha + ((b.Alpha - a.Alpha) * t)));

    private static float Brightness(SKColor c) => (0.3f * c.Red) + (0.59f * c.Green) + (0.11f * c.Blue);
}
