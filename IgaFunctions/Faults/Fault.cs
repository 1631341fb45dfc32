namespace Iga.Faults;

/// <summary>
/// Why a call to a dependency, or a step of a task, failed, where that was foreseen. An exception carries it, and the workflow's
/// history keeps it.
/// </summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Message">What was being done, to what, why it failed and what a caller can do. No secret, no host name.</param>
/// <param name="IsTransient">Whether the same may succeed later.</param>
/// <param name="IsLocalWait">
/// The dependency was not even called: the service held the call back itself, to keep within a quota. Such a fault is always
/// transient and says nothing about the dependency, so no retry budget pays for it.
/// </param>
/// <param name="RetryAfter">How long the dependency asked to be left alone, if it said so.</param>
/// <param name="HasPaidPicture">
/// A picture that is paid for waits for the dependency. Such a fault is waited out for a day; version 1.0.0 did not write it down.
/// </param>
/// <param name="WaitsForStaging">
/// The model was not called, since its picture could not be kept. That is the service's own trouble: it is waited out for a day, and
/// the model's time to try does not run meanwhile.
/// </param>
public sealed record Fault(
    string Kind, string Message, bool IsTransient = false, bool IsLocalWait = false, TimeSpan? RetryAfter = null,
    bool HasPaidPicture = false, bool WaitsForStaging = false);
