namespace Iga.Workflow.Activities;

/// <summary>How an upload ended; exactly one of the four is set.</summary>
/// <param name="Url"><c>gs://bucket/name</c>.</param>
/// <param name="IsLost">The key is no longer the task's.</param>
/// <param name="IsGone">The staged picture is gone or damaged.</param>
public sealed record UploadImageResult(
    string? Url = null, bool IsLost = false, bool IsGone = false, StepFault? Fault = null);
