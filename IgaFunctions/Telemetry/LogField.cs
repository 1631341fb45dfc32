namespace Iga.Telemetry;

/// <summary>The fields of a log line that the rest of the system knows.</summary>
internal static class LogField
{
    public const string TaskId = "task_id";
    public const string WorkflowId = "workflow_id";
    public const string IdempotencyKey = "idempotency_key";
    public const string Caller = "caller";
    public const string TraceId = "trace_id";
    public const string MetricName = "metric_name";
    public const string Value = "value";
    public const string PromptPreview = "prompt_preview";
    public const string Tags = "tags";
    public const string ErrorCode = "error_code";
    public const string Field = "field";
}
