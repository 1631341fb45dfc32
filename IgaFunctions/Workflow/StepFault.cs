using Iga.Faults;

namespace Iga.Workflow;

/// <summary>A foreseen failure of an activity, as a value that survives the workflow's history.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="IsTransient">Whether the activity may be tried again.</param>
/// <param name="IsLocalWait">The service's own limits made it wait; the model has not been asked.</param>
/// <param name="RetryAfterSeconds">How long the dependency asked to be left alone.</param>
public sealed record StepFault(
    string Kind, string Message, bool IsTransient, bool IsLocalWait = false, double? RetryAfterSeconds = null)
{
    public static StepFault Of(FailureException exception) => new(
        exception.Kind, exception.Message, exception.IsTransient, exception.IsLocalWait,
        exception.RetryAfter?.TotalSeconds);
}
