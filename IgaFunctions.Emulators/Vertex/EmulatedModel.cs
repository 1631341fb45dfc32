namespace Iga.Emulators.Vertex;

/// <summary>What an emulated model takes, as the catalog of the service has it.</summary>
/// <param name="Locations">Where it is served; empty is everywhere.</param>
/// <param name="Tokens">Output tokens of a picture by size; the only size is named "" where the model refuses the field.</param>
/// <param name="TakesSeed">
/// Whether it takes a seed. The model that refuses one refuses temperature, topP and topK as well.
/// </param>
/// <param name="IsText">It answers text, and refuses to draw.</param>
internal sealed record EmulatedModel(
    string Id, Dialect Dialect, IReadOnlyCollection<string> Ratios, IReadOnlyDictionary<string, int> Tokens, int MaxReferences,
    bool TakesSeed, IReadOnlyCollection<string> Locations, bool IsText = false)
{
    private const int UsualTokens = 1120;

    private static readonly string[] ImagenSizes = ["1K", "2K"];
    private static readonly string[] GeminiSizes = ["512", "1K", "2K", "4K"];

    /// <summary>The size of a request that names none.</summary>
    public string UsualSize => Tokens.ContainsKey("1K") ? "1K" : Tokens.Keys.First();

    /// <summary>Whether it thinks before it answers: those before 3 that are emulated draw at once.</summary>
    public bool Thinks => IsText || !Id.StartsWith("gemini-2", StringComparison.Ordinal);

    /// <summary>A model that takes all that any model of its dialect does.</summary>
    public static EmulatedModel Widest(string id, Dialect dialect) => new(
        id, dialect, PixelGrid.RatiosOf(id),
        (dialect == Dialect.Imagen ? ImagenSizes : GeminiSizes).ToDictionary(size => size, _ => UsualTokens),
        dialect == Dialect.Imagen ? 0 : 14, TakesSeed: true, []);
}
