namespace Iga.Keys;

/// <summary>How many tasks of one caller have not ended, or what its pictures of today have cost. Rows of one caller add up.</summary>
/// <param name="Caller">The name of the API key; null where keys have no names.</param>
/// <param name="Pending">Tasks that have not ended.</param>
/// <param name="Unpaid">Tasks that have not ended and have no picture yet, all of the model and size that the row names.</param>
/// <param name="SpentUsd">US dollars, for the pictures of this day (UTC).</param>
public sealed record TaskCount(
    string? Caller, int Pending = 0, int Unpaid = 0, string? ModelId = null, string? ImageSize = null, decimal SpentUsd = 0);
