namespace Iga.Images;

/// <summary>Which model made a picture, and what that took. Kept with the task.</summary>
/// <param name="ModelId">The model that was called: the request's, or one that stepped in for it.</param>
/// <param name="ImageSize"><c>512</c>, <c>1K</c>, <c>2K</c> or <c>4K</c>; null where the model has one size.</param>
/// <param name="PromptTokens">As the model's answer counts them; null where it did not.</param>
/// <param name="OutputTokens">The picture's, and what the model said beside it.</param>
/// <param name="ThoughtTokens">Those that the model thought with.</param>
/// <param name="Usd">List price of the picture by the catalog, US dollars; null where that has none.</param>
public sealed record ImageOrigin(
    string ModelId, string? ImageSize, long? PromptTokens = null, long? OutputTokens = null, long? ThoughtTokens = null,
    decimal? Usd = null);
