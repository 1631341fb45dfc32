namespace Iga.Emulators.Faults;

/// <summary>The names of the cases of those faults that have many: how a model's answer may look.</summary>
internal static class AnswerCases
{
    /// <summary>Of <see cref="Fault.Dressed"/>.</summary>
    public static readonly IReadOnlyList<string> Dresses =
    [
        "surrogate-text", "broken-utf8", "control-characters", "bom", "deep-nesting", "gzip", "stream-array", "sse", "thought-only",
        "snake-case", "base64url", "trailing-garbage", "cut-after-picture", "broken-picture-first", "several-pictures", "draft-first",
        "thought-signature", "max-tokens", "without-finish",
    ];

    /// <summary>Of <see cref="Fault.DamagedPicture"/>.</summary>
    public static readonly IReadOnlyList<string> Damages = ["cut", "without-end", "bad-checksum", "zero-size"];

    /// <summary>Of <see cref="Fault.Refusal"/>.</summary>
    public static readonly IReadOnlyList<string> Wordings =
    [
        "not-submitted", "policies", "response-blocked", "filtered-out", "safety-threshold", "error-code", "model-armor",
        "content-blocked", "unsafe-generation",
    ];

    /// <summary>Of <see cref="Fault.ErrorAnswer"/>. Those that begin with <c>in-200</c> come with that HTTP status.</summary>
    public static readonly IReadOnlyList<string> ErrorDresses =
    [
        "in-200", "in-200-text-code", "in-200-status-only", "in-200-array", "in-200-chunk", "array", "gzip", "surrogate-text", "hostile-text",
        "capacity-exhausted", "throttled", "invalid-hostname", "html", "empty",
    ];

    /// <summary>Of <see cref="Fault.Finish"/>, as Vertex AI and Google's clients name them; one that is newer comes as its number.</summary>
    public static readonly IReadOnlyList<string> FinishReasons =
    [
        "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL",
        "MODEL_ARMOR", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "UNEXPECTED_TOOL_CALL", "NO_IMAGE",
        "MALFORMED_RESPONSE", "TOO_MANY_TOOL_CALLS", "CONTINUATION",
    ];

    /// <summary>Of <see cref="Fault.Block"/>.</summary>
    public static readonly IReadOnlyList<string> BlockReasons =
        ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "MODEL_ARMOR", "IMAGE_SAFETY", "JAILBREAK"];
}
