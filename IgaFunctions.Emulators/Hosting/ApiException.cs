namespace Iga.Emulators.Hosting;

/// <summary>A request that is answered with an error.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="reason">Vertex AI's status text or GCS's reason; null is the usual one for the status.</param>
/// <param name="message">Null is what the service usually says with the status.</param>
internal sealed class ApiException(int status, string? reason = null, string? message = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Reason { get; } = reason;

    /// <summary>The message for the caller, when there is a special one.</summary>
    public string? Detail { get; } = message;

    /// <summary>Seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Seconds from the answer's Date to the date in Retry-After; both are by a clock that is an hour fast.</summary>
    public int? RetryAfterDate { get; init; }

    /// <summary>The fields that are wrong.</summary>
    public IReadOnlyList<FieldViolation> Violations { get; init; } = [];

    /// <summary>The error is the one element of an array, as where an answer in parts was expected.</summary>
    public bool IsInArray { get; set; }

    /// <summary>Seconds in the body's RetryInfo, where they are others than <see cref="RetryAfter"/>.</summary>
    public double? RetryInfo { get; init; }

    /// <summary>The reason in the body's ErrorInfo (Vertex AI); null sends none.</summary>
    public string? ErrorInfo { get; init; }

    /// <summary>The header of a 416, which tells the object's size.</summary>
    public string? ContentRange { get; init; }

    /// <summary>The query parameter that is wrong.</summary>
    public string? Parameter { get; init; }

    /// <summary>A request whose fields are wrong.</summary>
    public static ApiException Of(IReadOnlyList<FieldViolation> violations) =>
        new(400, "INVALID_ARGUMENT", string.Join('\n', violations.Select(v => v.Description))) { Violations = [.. violations] };
}
