using Iga.Models;

namespace Iga.Tasks;

/// <summary>
/// The effective request: what the caller asked for, with every default filled in. Two POSTs with equal effective
/// requests are the same request.
/// </summary>
/// <param name="Prompt">1 to IGA_MAX_PROMPT_CHARS characters, verbatim as sent.</param>
/// <param name="AspectRatio">A ratio that the model offers, such as <c>16:9</c>.</param>
/// <param name="ModelId">The model that is called, after aliases are resolved.</param>
public sealed record ImageRequest(string Prompt, string AspectRatio, bool AddWatermark, string ModelId);
