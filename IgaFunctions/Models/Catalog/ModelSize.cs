namespace Iga.Models.Catalog;

/// <summary>A size that a model draws in, and what a picture of it costs.</summary>
/// <param name="Size"><c>512</c>, <c>1K</c>, <c>2K</c> or <c>4K</c>; null where the model has one size and refuses the field.</param>
/// <param name="OutputTokens">Tokens that a picture takes; null if not known.</param>
/// <param name="Usd">List price of a picture, US dollars; null if not known.</param>
/// <param name="TimeoutSeconds">How long a call may take, where that is more than usual.</param>
public sealed record ModelSize(string? Size = null, int? OutputTokens = null, decimal? Usd = null, int? TimeoutSeconds = null)
{
    /// <summary>Every size that a request may name, the smallest first.</summary>
    public static readonly IReadOnlyList<string> Names = ["512", "1K", "2K", "4K"];
}
