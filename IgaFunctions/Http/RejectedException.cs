namespace Iga.Http;

/// <summary>Why a request is not accepted. Ends its validation, and is caught by the function that began it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="errorCode">One of <see cref="Http.ErrorCode"/>.</param>
/// <param name="message">Names the field and what was wrong with it.</param>
internal sealed class RejectedException(int status, string errorCode, string message) : Exception(message)
{
    private const string OfAField = "IGA_BAD_REQUEST_";

    public int Status => status;

    public string ErrorCode => errorCode;

    /// <summary>The field or the header that was wrong, for the log; null where it was the request as a whole.</summary>
    public string? Field { get; init; } = FieldOf(errorCode);

    /// <summary>When the same request may succeed; null where nothing is known of that.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static RejectedException BadRequest(string errorCode, string message) =>
        new(StatusCodes.Status400BadRequest, errorCode, message);

    // The codes of fields are named after them, so that a new field needs nothing here.
    private static string? FieldOf(string errorCode) => errorCode switch
    {
        Http.ErrorCode.PromptMissing or Http.ErrorCode.PromptTooLong or Http.ErrorCode.PromptInvalid => "prompt",
        Http.ErrorCode.ModelId => "model_id_override",
        Http.ErrorCode.MissingIdempotencyKey or Http.ErrorCode.InvalidIdempotencyKey or Http.ErrorCode.KeyReused => "X-Idempotency-Key",
        Http.ErrorCode.InvalidWorkflowId => "X-Workflow-ID",
        _ => errorCode.StartsWith(OfAField, StringComparison.Ordinal) ? errorCode[OfAField.Length..].ToLowerInvariant() : null,
    };
}
