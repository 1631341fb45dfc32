namespace Iga.Faults;

/// <summary>
/// The documented kinds of failure: what a caller reads as <c>result.error.type</c> of a task that ended in FAILURE.
/// </summary>
public static class FailureKind
{
    /// <summary>Something that nobody foresaw.</summary>
    public const string TaskFailed = "task_failed";

    /// <summary>The model refused the prompt; another prompt is needed.</summary>
    public const string PromptBlocked = "prompt_blocked";

    /// <summary>The model answered, but without a picture.</summary>
    public const string NoImageReturned = "no_image_returned";

    /// <summary>The model does not exist, is retired, or the project has no access to it.</summary>
    public const string ModelNotFound = "model_not_found";

    /// <summary>The model refused the request (400, 401, 403) for another reason than the prompt's content.</summary>
    public const string ModelRejectedRequest = "model_rejected_request";

    /// <summary>The model's quota stayed exhausted for as long as the task was willing to wait.</summary>
    public const string QuotaExhausted = "quota_exhausted";

    /// <summary>The model stayed out of reach, or kept failing, for as long as the task was willing to wait.</summary>
    public const string ModelUnavailable = "model_unavailable";

    /// <summary>The bucket does not exist or the service may not write to it.</summary>
    public const string StorageDenied = "storage_denied";

    /// <summary>The image store stayed out of reach for as long as the task was willing to wait.</summary>
    public const string StorageUnavailable = "storage_unavailable";

    /// <summary>The task was terminated from outside.</summary>
    public const string TaskRevoked = "task_revoked";
}
