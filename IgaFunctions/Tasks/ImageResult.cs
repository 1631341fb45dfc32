using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>What a caller reads of a task that made an image.</summary>
/// <param name="ImageUrl"><c>gs://bucket/name</c>.</param>
/// <param name="PromptUsed">The prompt as it was sent; null in an orchestration's output, since the task's row has it.</param>
/// <param name="ModelVersion"><c>vertex-ai-</c> and the model that made the image.</param>
public sealed record ImageResult(
    [property: JsonPropertyName("image_url")] string ImageUrl,
    [property: JsonPropertyName("prompt_used")] string? PromptUsed,
    [property: JsonPropertyName("model_version")] string ModelVersion)
{
    /// <param name="modelId">The model that made it; null is the request's.</param>
    public static ImageResult Of(ImageTask task, string imageUrl, string? modelId = null) =>
        new(imageUrl, task.Request.Prompt, $"vertex-ai-{modelId ?? task.Request.ModelId}");
}
