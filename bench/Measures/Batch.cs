namespace Iga.Bench.Measures;

/// <summary>Tasks that were run together and have all succeeded.</summary>
/// <param name="Took">From the first request to the last end.</param>
internal sealed record Batch(TimeSpan Took, IReadOnlyList<string> Ids);
