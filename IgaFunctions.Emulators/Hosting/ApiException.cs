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
}
