namespace Iga.Keys;

/// <summary>The statement that claims keys, all of a batch's in one, whose parameters <see cref="IdempotencyStore"/> adds.</summary>
internal static class ClaimSql
{
    /// <summary>Whether a row <c>k</c> is free for a request <c>a</c>: its task failed, or its lock is older than the lock timeout.</summary>
    public const string IsOursToTake = """
        (k.status = @failed
            or (k.status <> @completed and coalesce(k.locked_at, k.created_at, '-infinity') < now() - @lock_timeout))
            and coalesce(k.request_fingerprint, a.fingerprint) = a.fingerprint
        """;

    /// <summary>The part that notes who is to be told of a task's end.</summary>
    private const string Callbacks = """
        , callbacks as (
            insert into iga_callbacks (task_id, url)
            select a.task_id, a.effective_request ->> 'callback_url' from claimed join asked a using (task_id)
            where a.effective_request ->> 'callback_url' is not null
            on conflict (task_id) do nothing
        )
        """;

    /// <summary>
    /// <c>prior</c> locks the rows and so reads their latest versions; the insert selects from it, so that it comes first. Everybody locks and
    /// inserts in the order of the keys, so that no two batches wait for each other. The lateral subquery, since it locks, is asked for each key
    /// by itself, and so always by the index.
    /// </summary>
    /// <param name="conflictTarget">The columns of the table's key.</param>
    /// <returns>One row for each that is asked for, as <see cref="IdempotencyStore"/> reads it, after the lock's where the spend is limited.</returns>
    public static string StatementOf(string conflictTarget, bool isSpendLimited, bool hasCallbacks) => $"""
        {(isSpendLimited ? SpendLimitSql.Lock : "")}
        with asked as materialized (
            select *
            from unnest(@stored_keys, @task_ids, @workflow_ids, @fingerprints, @effective_requests, @conflicts, @callers_keys, @callers,
                        @reserved_usds)
                with ordinality as a (stored_key, task_id, workflow_id, fingerprint, effective_request, conflict, callers_key, caller,
                                      reserved_usd, n)
        ), prior as materialized (
            select a.n, held.*
            from (select * from asked order by stored_key) a
            cross join lateral (
                select k.task_id, k.workflow_id, k.caller, k.status, k.request_fingerprint, k.error_payload, k.created_at, k.ended_at,
                       k.effective_request, k.cancelling_since, k.started_at, k.attempts,
                       {IsOursToTake} as is_ours_to_take
                from idempotency_keys k
                where k.idempotency_key = a.stored_key and k.task_name = @task_name
                for update
            ) held
        )
        {(isSpendLimited ? SpendLimitSql.Tables : "")}
        , claimed as (
            insert into idempotency_keys as k (idempotency_key, task_name, workflow_id, created_at, locked_at, status,
                                               task_id, request_fingerprint, effective_request, caller, reserved_usd)
            select a.stored_key, @task_name, a.workflow_id, now(), now(), @processing,
                   a.task_id, a.fingerprint, a.effective_request, a.caller, a.reserved_usd
            from asked a left join prior p using (n)
            where (p.n is null or p.is_ours_to_take) {(isSpendLimited ? SpendLimitSql.IsAffordable : "")}
            order by a.stored_key
            on conflict ({conflictTarget}) do update
            set workflow_id = excluded.workflow_id, created_at = excluded.created_at, locked_at = excluded.locked_at,
                status = excluded.status, task_id = excluded.task_id,
                request_fingerprint = excluded.request_fingerprint, effective_request = excluded.effective_request,
                caller = excluded.caller, reserved_usd = excluded.reserved_usd,
                result_payload = null, error_payload = null, staged_image = null, ended_at = null, cancelling_since = null,
                started_at = null, attempts = null, upload_seconds = null
            where k.task_name = @task_name
                and exists (select from asked a join prior p using (n) where a.task_id = excluded.task_id)
            returning k.task_id
        ), archived as (
            insert into iga_task_archive (task_id, idempotency_key, workflow_id, caller, created_at, ended_at, effective_request, started_at,
                                          attempts, result_payload, error_payload)
            select p.task_id, a.callers_key, p.workflow_id, p.caller, p.created_at, coalesce(p.ended_at, now()), p.effective_request,
                   p.started_at, p.attempts,
                   case when p.error_payload is null and p.cancelling_since is null then a.conflict end,
                   coalesce(p.error_payload, case when p.cancelling_since is not null then @cancelled end)
            from claimed join asked a using (task_id) join prior p using (n)
            where p.task_id is not null
            order by p.task_id
            on conflict (task_id) do nothing
        ){(hasCallbacks ? Callbacks : "")}
        select claimed.task_id is not null, p.task_id, p.request_fingerprint, p.status = @processing,
                {(isSpendLimited ? SpendLimitSql.Fits : "null::boolean")}
        from asked a left join prior p using (n) left join claimed on claimed.task_id = a.task_id
        order by a.n
        """;
}
