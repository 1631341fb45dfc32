namespace Iga.Faults;

/// <summary>A call to a dependency that failed in a way that a caller is told about.</summary>
/// <param name="kind">One of <see cref="FailureKind"/>.</param>
/// <param name="message">What was being done, to what, why it failed and what a caller can do. No secret, no host name.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="retryAfter">How long the dependency asked to be left alone, if it said so.</param>
public sealed class FailureException(
    string kind, string message, bool isTransient = false, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Kind { get; } = kind;

    public bool IsTransient { get; } = isTransient;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// True when the dependency was not even called: the service held the call back itself, to keep within a quota. Such
    /// a failure is always transient and says nothing about the dependency, so no retry budget pays for it.
    /// </summary>
    public bool IsLocalWait { get; init; }
}
