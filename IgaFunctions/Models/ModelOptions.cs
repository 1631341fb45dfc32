namespace Iga.Models;

/// <summary>Which models are called.</summary>
/// <param name="DefaultModelId">IGA_VERTEXAI_IMAGE_MODEL_ID, after aliases are resolved.</param>
/// <param name="Aliases">IGA_MODEL_ALIASES: an id that callers send, and the model that is called for it.</param>
/// <param name="AllowedModelIds">IGA_ALLOWED_MODEL_IDS; empty allows every model of a known family.</param>
public sealed record ModelOptions(
    string DefaultModelId, IReadOnlyDictionary<string, string> Aliases, IReadOnlySet<string> AllowedModelIds);
