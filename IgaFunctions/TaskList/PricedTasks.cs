using Iga.Keys;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Workflow;
using Npgsql;
using NpgsqlTypes;

namespace Iga.TaskList;

/// <summary>
/// Lists the tasks of a time by what their pictures cost, the dearest first; only those whose price is known. All tasks of that time are
/// looked through.
/// </summary>
public sealed class PricedTasks(NpgsqlDataSource dataSource, IdempotencyTable table)
{
    internal Task<(IReadOnlyList<TaskSummary> Tasks, TaskQuery.Cursor? Next)> ListAsync(TaskQuery query, CancellationToken cancellationToken) =>
        query.Filter.Statuses?.Contains(TaskState.Success) == false
            ? Task.FromResult<(IReadOnlyList<TaskSummary>, TaskQuery.Cursor?)>(([], null)) // Only those that succeeded cost anything.
            : PostgresRetries.RunAsync(dataSource, token => TryListAsync(query, token), cancellationToken);

    private async Task<(IReadOnlyList<TaskSummary> Tasks, TaskQuery.Cursor? Next)> TryListAsync(
        TaskQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var shape = await table.GetShapeAsync(connection, cancellationToken);
        var filter = query.Filter;
        var key = filter.IdempotencyKey is { } callersKey ? shape.StoredKey(callersKey) : null;
        await using var command = new NpgsqlCommand($"""
            select {TaskRow.Columns}
            from (
                select {TaskRow.Columns}, (image_details -> 'origin' ->> 'usd')::numeric as usd
                from idempotency_keys
                where task_id >= @since and task_id < @until and task_name = @task_name
                    and image_details -> 'origin' ->> 'usd' is not null
                    and (@key is null or idempotency_key = @key)
                    and (@workflow_id is null or workflow_id = @workflow_id)
                    and (@caller is null or caller = @caller)
            ) priced
            where @after_usd is null or (usd, task_id) < (@after_usd, @after)
            order by usd desc, task_id desc limit @limit
            """, connection);
        command.With("since", TaskIdTime.LowerBound(filter.Since!.Value))
            .With("until", filter.Until is { } until ? TaskIdTime.LowerBound(until) : TaskIdTime.End)
            .With("task_name", IdempotencyTable.TaskName)
            .With("key", key).With("workflow_id", filter.WorkflowId).With("caller", filter.Caller)
            .With("after_usd", NpgsqlDbType.Numeric, query.After?.Usd).With("after", query.After?.TaskId)
            .With("limit", query.Limit + 1);

        var found = new List<TaskSummary>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(TaskRow.Read(reader, shape.CallersKey).Summary);
        }

        return found.Count > query.Limit
            ? (found[..query.Limit], new(found[query.Limit - 1].TaskId, found[query.Limit - 1].PriceUsd))
            : (found, null);
    }
}
