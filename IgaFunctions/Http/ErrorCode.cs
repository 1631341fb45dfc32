namespace Iga.Http;

/// <summary>The codes that callers tell errors apart by.</summary>
public static class ErrorCode
{
    public const string MissingIdempotencyKey = "IGA_MISSING_IDEMPOTENCY_KEY";
    public const string InvalidIdempotencyKey = "IGA_INVALID_IDEMPOTENCY_KEY";
    public const string InvalidWorkflowId = "IGA_INVALID_WORKFLOW_ID";
    public const string NoBucket = "IGA_CONFIG_ERROR_GCS_BUCKET";
    public const string MalformedJson = "IGA_MALFORMED_JSON";
    public const string InvalidPayload = "IGA_INVALID_PAYLOAD";
    public const string PayloadTooLarge = "IGA_PAYLOAD_TOO_LARGE";
    public const string UnsupportedMediaType = "IGA_UNSUPPORTED_MEDIA_TYPE";
    public const string PromptMissing = "IGA_BAD_REQUEST_PROMPT_MISSING";
    public const string PromptTooLong = "IGA_BAD_REQUEST_PROMPT_TOO_LONG";
    public const string PromptInvalid = "IGA_BAD_REQUEST_PROMPT_INVALID";
    public const string AspectRatio = "IGA_BAD_REQUEST_ASPECT_RATIO";
    public const string AddWatermark = "IGA_BAD_REQUEST_ADD_WATERMARK";
    public const string ModelId = "IGA_BAD_REQUEST_MODEL_ID";
    public const string ImageSize = "IGA_BAD_REQUEST_IMAGE_SIZE";
    public const string OutputFormat = "IGA_BAD_REQUEST_OUTPUT_FORMAT";
    public const string ReferenceImages = "IGA_BAD_REQUEST_REFERENCE_IMAGES";
    public const string Seed = "IGA_BAD_REQUEST_SEED";
    public const string BadQuery = "IGA_BAD_REQUEST_QUERY";
    public const string CallbackUrl = "IGA_BAD_REQUEST_CALLBACK_URL";
    public const string KeyReused = "IGA_IDEMPOTENCY_KEY_REUSED";
    public const string TooManyTasks = "IGA_TOO_MANY_TASKS";
    public const string RateLimited = "IGA_RATE_LIMITED";
    public const string SpendLimitReached = "IGA_SPEND_LIMIT_REACHED";
    public const string TooManyStreams = "IGA_TOO_MANY_STREAMS";
    public const string StoreUnavailable = "IGA_IDEMPOTENCY_STORE_UNAVAILABLE";
    public const string StagingUnavailable = "IGA_STAGING_UNAVAILABLE";
    public const string TaskHubUnavailable = "IGA_TASK_HUB_UNAVAILABLE";
    public const string TaskNotFound = "IGA_TASK_NOT_FOUND";
    public const string TaskEnded = "IGA_TASK_ENDED";
    public const string TaskNotFailed = "IGA_TASK_NOT_FAILED";
    public const string RequestErased = "IGA_REQUEST_ERASED";
    public const string TaskNotEnded = "IGA_TASK_NOT_ENDED";
    public const string NoImage = "IGA_NO_IMAGE";
    public const string ImageStoreUnavailable = "IGA_IMAGE_STORE_UNAVAILABLE";
    public const string SigningUnavailable = "IGA_SIGNING_UNAVAILABLE";
    public const string RangeNotSatisfiable = "IGA_RANGE_NOT_SATISFIABLE";
    public const string PreconditionFailed = "IGA_PRECONDITION_FAILED";
    public const string ForeignOrigin = "IGA_FOREIGN_ORIGIN";
    public const string NotFound = "IGA_NOT_FOUND";

    // What no function answers: the local host does. On Azure the Functions host answers in ways of its own.
    public const string WrongHost = "IGA_WRONG_HOST";
    public const string BadRequest = "IGA_BAD_REQUEST";
    public const string Unauthorized = "IGA_UNAUTHORIZED";
    public const string MethodNotAllowed = "IGA_METHOD_NOT_ALLOWED";
    public const string InternalError = "IGA_INTERNAL_ERROR";
}
