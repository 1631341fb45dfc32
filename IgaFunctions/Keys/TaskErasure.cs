using Iga.Postgres;
using Npgsql;

namespace Iga.Keys;

/// <summary>
/// Erases what callers and models wrote from the records of tasks that have ended: prompts, the requests that they came in, the
/// addresses of their webhooks, and the messages of errors. How a task ended stays, and so does the request's fingerprint: a replay of a key is still a replay.
/// </summary>
public sealed class TaskErasure(NpgsqlDataSource dataSource, IdempotencyOptions options)
{
    /// <summary>What is read in place of an erased text.</summary>
    public const string Erased = "[erased]";

    private static readonly string Keys = $$"""
        with picked as materialized (
            select idempotency_key, task_name from idempotency_keys
            where task_name = @task_name and task_id > @after and created_at < @before and status <> @processing
                and (result_payload is not null or error_payload is not null)
                and (effective_request is not null or result_payload ->> 'prompt_used' <> @erased
                    or error_payload ->> 'message' <> @erased)
            order by task_id limit @batch for update)
        update idempotency_keys k set
            effective_request = null,
            attempts = {{TaskRuns.Erased("k.attempts")}},
            result_payload = case when k.result_payload ->> 'prompt_used' is null then k.result_payload
                else jsonb_set(k.result_payload, '{prompt_used}', to_jsonb(@erased)) end,
            error_payload = case when k.error_payload ->> 'message' is null then k.error_payload
                else jsonb_set(k.error_payload, '{message}', to_jsonb(@erased)) end
        from picked p where k.idempotency_key = p.idempotency_key and k.task_name = p.task_name
        returning k.task_id
        """;

    private static readonly string Archive = $$"""
        with picked as materialized (
            select task_id from iga_task_archive
            where task_id > @after and archived_at < @before
                and (effective_request is not null or error_payload ->> 'message' <> @erased)
            order by task_id limit @batch for update)
        update iga_task_archive a set
            effective_request = null,
            attempts = {{TaskRuns.Erased("a.attempts")}},
            error_payload = case when a.error_payload ->> 'message' is null then a.error_payload
                else jsonb_set(a.error_payload, '{message}', to_jsonb(@erased)) end
        from picked p where a.task_id = p.task_id
        returning a.task_id
        """;

    /// <summary>Addresses that webhooks were sent to. Those that still are to be sent are left for the next time.</summary>
    private const string Callbacks = """
        with picked as materialized (
            select task_id from iga_callbacks
            where task_id > @after and ended_at < @before and state <> 'pending' and url <> @erased
            order by task_id limit @batch for update)
        update iga_callbacks c set url = @erased
        from picked p where c.task_id = p.task_id
        returning c.task_id
        """;

    /// <summary>Erases in batches, each a commit of its own. May be cut off and done again at any time.</summary>
    /// <param name="before">Tasks that were posted earlier; of those that no longer hold their key, that lost it earlier.</param>
    /// <returns>Of how many tasks something was erased.</returns>
    public async Task<int> EraseAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await EraseAsync(Callbacks, before, cancellationToken);
        return await EraseAsync(Keys, before, cancellationToken) + await EraseAsync(Archive, before, cancellationToken);
    }

    private Task<int> EraseAsync(string statement, DateTimeOffset before, CancellationToken cancellationToken) => TaskBatches.RunAsync(
        dataSource,
        statement,
        command => command.With("before", before.UtcDateTime)
            .With("erased", Erased)
            .With("task_name", IdempotencyTable.TaskName)
            .With("processing", options.Processing),
        cancellationToken);
}
