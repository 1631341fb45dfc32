namespace Iga.Models.Dialects;

/// <summary>
/// Why a model ended: <c>finishReason</c> of a candidate, <c>blockReason</c> of a prompt (Google's <c>Candidate.FinishReason</c> and
/// <c>PromptFeedback.BlockedReason</c>).
/// </summary>
internal static class FinishReason
{
    // By their numbers, which Google's own client writes for a reason that it does not know.
    private static readonly string[] FinishNumbers =
    [
        "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
        "MALFORMED_FUNCTION_CALL", "MODEL_ARMOR", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER",
        "UNEXPECTED_TOOL_CALL", "NO_IMAGE",
    ];

    // Of those that came later no source gives the numbers.
    private static readonly string[] BlockNumbers =
        ["BLOCKED_REASON_UNSPECIFIED", "SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"];

    // What a reason that is not known yet, such as VIDEO_SAFETY, is told to be about content by.
    private static readonly string[] OfContent = ["SAFETY", "PROHIBITED", "BLOCKLIST", "RECITATION", "SPII", "MODEL_ARMOR", "JAILBREAK"];

    /// <param name="reason">A name or a number.</param>
    /// <returns>The reason's name, or the number where there is no name for it; null when it is none.</returns>
    public static string? Name(string? reason) => Name(reason, FinishNumbers);

    /// <inheritdoc cref="Name(string?)"/>
    public static string? BlockName(string? reason) => Name(reason, BlockNumbers);

    /// <summary>Whether the prompt, or what the model made of it, was refused for its content: another prompt is needed.</summary>
    public static bool IsAboutContent(string? name) => name is not null && OfContent.Any(name.Contains);

    /// <summary>Whether the same call may well bring a picture: the model did not come to an end that has to do with the request.</summary>
    public static bool IsChance(string? name) => name is null or "OTHER" or "IMAGE_OTHER" or "NO_IMAGE" or "UNEXPECTED_TOOL_CALL"
        or "TOO_MANY_TOOL_CALLS" || name.StartsWith("MALFORMED_", StringComparison.Ordinal);

    private static string? Name(string? reason, string[] numbers)
    {
        var name = int.TryParse(reason, out var number) && number >= 0 && number < numbers.Length ? numbers[number] : reason?.ToUpperInvariant();
        return string.IsNullOrWhiteSpace(name) || name is "STOP" || name.EndsWith("_UNSPECIFIED", StringComparison.Ordinal) ? null : name;
    }
}
