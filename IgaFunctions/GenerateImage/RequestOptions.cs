namespace Iga.GenerateImage;

/// <summary>What a request gets where it says nothing, and how much it may say.</summary>
/// <param name="DefaultAspectRatio">IGA_DEFAULT_ASPECT_RATIO.</param>
/// <param name="AddWatermark">IGA_ADD_WATERMARK.</param>
/// <param name="MaxPromptChars">IGA_MAX_PROMPT_CHARS, in Unicode code points.</param>
public sealed record RequestOptions(string DefaultAspectRatio, bool AddWatermark, int MaxPromptChars);
