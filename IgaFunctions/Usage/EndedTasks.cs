using Iga.Faults;

namespace Iga.Usage;

/// <summary>The tasks that ended in a time, of both tables, as the counts of this folder read them.</summary>
internal static class EndedTasks
{
    /// <summary>Rows for <c>from</c>; the parameters are since, until and task_name. Only what is named in a query is computed.</summary>
    public const string Between = $"""
        (
            select ended_at, workflow_id, error_payload is not null as has_failed, error_payload ->> 'type' = '{FailureKind.TaskRevoked}' as is_cancelled,
                extract(epoch from ended_at - created_at)::float8 as seconds, image_details is not null as has_image,
                coalesce(image_details -> 'origin' ->> 'model_id', effective_request ->> 'model_id') as model,
                (image_details -> 'origin' ->> 'prompt_tokens')::bigint as prompt_tokens,
                (image_details -> 'origin' ->> 'output_tokens')::bigint as output_tokens,
                (image_details -> 'origin' ->> 'usd')::numeric as usd
            from idempotency_keys where ended_at >= @since and ended_at < @until and task_name = @task_name
            union all
            select ended_at, workflow_id, error_payload is not null, error_payload ->> 'type' = '{FailureKind.TaskRevoked}', null, false, effective_request ->> 'model_id', null, null, null
            from iga_task_archive where ended_at >= @since and ended_at < @until
        ) ended
        """;
}
