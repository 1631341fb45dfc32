namespace Iga.Tests.OpenApi;

/// <summary>What the document tells of and the code does not have yet. To be empty before a release.</summary>
internal static class Pending
{
    public static readonly string[] Operations =
    [
        "GET /", "HEAD /", "GET /assets/{file}", "HEAD /assets/{file}",
        "GET /healthz", "HEAD /healthz", "GET /metrics", "HEAD /metrics",
        "GET /v1/stats", "HEAD /v1/stats", "GET /v1/usage", "HEAD /v1/usage",
        "GET /v1/tasks", "HEAD /v1/tasks", "GET /v1/tasks/events", "HEAD /v1/tasks/events",
        "GET /v1/tasks/{}/image", "HEAD /v1/tasks/{}/image", "POST /v1/tasks/{}/cancel", "POST /v1/tasks/{}/retry",
    ];

    public static readonly string[] ErrorCodes =
    [
        "IGA_BAD_REQUEST_CALLBACK_URL", "IGA_BAD_REQUEST_QUERY", "IGA_IMAGE_STORE_UNAVAILABLE", "IGA_NO_IMAGE",
        "IGA_PRECONDITION_FAILED", "IGA_RANGE_NOT_SATISFIABLE", "IGA_REQUEST_ERASED", "IGA_SIGNING_UNAVAILABLE", "IGA_TASK_ENDED",
        "IGA_TASK_NOT_ENDED", "IGA_TASK_NOT_FAILED", "IGA_TOO_MANY_STREAMS",
    ];

    public static readonly string[] Fields = ["callback_url"];
}
