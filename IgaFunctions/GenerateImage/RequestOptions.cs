using Iga.Webhooks;

namespace Iga.GenerateImage;

/// <summary>What a request gets where it says nothing, and how much it may say.</summary>
/// <param name="DefaultAspectRatio">IGA_DEFAULT_ASPECT_RATIO.</param>
/// <param name="AddWatermark">IGA_ADD_WATERMARK.</param>
/// <param name="MaxPromptChars">IGA_MAX_PROMPT_CHARS, in Unicode code points.</param>
/// <param name="DefaultImageSize">IGA_DEFAULT_IMAGE_SIZE, for the models that offer it; null is each model's usual size.</param>
public sealed record RequestOptions(
    string DefaultAspectRatio, bool AddWatermark, int MaxPromptChars, string? DefaultImageSize = null)
{
    /// <summary>The buckets whose pictures callers may refer to: the service's own, and those of IGA_REFERENCE_BUCKETS.</summary>
    public IReadOnlyList<string> ReferenceBuckets { get; init; } = [];

    /// <summary>Whom callers may have told of the end of a task.</summary>
    public WebhookOptions Webhooks { get; init; } = WebhookOptions.Off;
}
