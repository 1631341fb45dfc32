using System.Text.Json.Serialization;

namespace Iga.Usage;

/// <summary>What tasks that ended have used.</summary>
/// <param name="Succeeded">Those with SUCCESS; a task that lost its key has that, too, and no picture.</param>
/// <param name="PromptTokens">As far as models counted them, likewise the output's.</param>
/// <param name="Usd">By the price that was recorded with each picture; one without counts nothing.</param>
public record UsageSum(
    [property: JsonPropertyName("tasks")] long Tasks,
    [property: JsonPropertyName("succeeded")] long Succeeded,
    [property: JsonPropertyName("failed")] long Failed,
    [property: JsonPropertyName("images")] long Images,
    [property: JsonPropertyName("prompt_tokens")] long PromptTokens,
    [property: JsonPropertyName("output_tokens")] long OutputTokens,
    [property: JsonPropertyName("usd")] decimal Usd);
