namespace Iga.Emulators.Vertex;

/// <summary>What an emulated model takes. It is as in the catalog of the service; a model that is not there takes everything.</summary>
/// <param name="Locations">Where it is served; empty is everywhere.</param>
/// <param name="Tokens">Output tokens of a picture by size; the only size is named "" where the model refuses the field.</param>
internal sealed record EmulatedModel(
    string Id, Dialect Dialect, IReadOnlyCollection<string> Ratios, IReadOnlyDictionary<string, int> Tokens, int MaxReferences,
    bool TakesSeed, IReadOnlyCollection<string> Locations)
{
    private const int UsualTokens = 1120;

    private static readonly string[] ImagenSizes = ["1K", "2K"];
    private static readonly string[] GeminiSizes = ["512", "1K", "2K", "4K"];

    /// <summary>The size of a request that names none.</summary>
    public string UsualSize => Tokens.ContainsKey("1K") ? "1K" : Tokens.Keys.First();

    public static EmulatedModel Widest(string id, Dialect dialect) => new(
        id, dialect, PixelGrid.RatiosOf(id),
        (dialect == Dialect.Imagen ? ImagenSizes : GeminiSizes).ToDictionary(size => size, _ => UsualTokens),
        dialect == Dialect.Imagen ? 0 : 14, TakesSeed: true, []);
}
