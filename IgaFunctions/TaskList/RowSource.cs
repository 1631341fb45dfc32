namespace Iga.TaskList;

/// <summary>One of the places where tasks are looked for, newest first, and how.</summary>
/// <param name="Table">idempotency_keys, or the archive of tasks that have no row there.</param>
/// <param name="Walk">
/// The condition that an index answers. What it finds is looked through in the order of ids, and only so much of it at once.
/// </param>
/// <param name="Filter">The rest of the conditions; null where the walk finds just what is asked for.</param>
internal sealed record RowSource(string Table, string Walk, string? Filter)
{
    public const string Keys = "idempotency_keys";
    public const string Archive = "iga_task_archive";

    private const string IsInFlight = "result_payload is null and error_payload is null";
    private const string HasFailed = "error_payload is not null";
    private const string HasSucceeded = "result_payload is not null and error_payload is null";

    public bool IsArchive => Table == Archive;

    /// <param name="statuses">Whether tasks in flight are asked for, such as failed, such as succeeded.</param>
    public static IReadOnlyList<RowSource> For(TaskFilter filter, (bool InFlight, bool Failed, bool Succeeded) statuses)
    {
        var named = filter switch
        {
            { IdempotencyKey: not null } => "idempotency_key = @key",
            { WorkflowId: not null } => "workflow_id = @workflow_id",
            { Caller: not null } => "caller = @caller",
            _ => null,
        };
        var rest = new List<string>();
        if (filter.WorkflowId is not null && filter.IdempotencyKey is not null)
        {
            rest.Add("workflow_id = @workflow_id");
        }

        if (filter.Caller is not null && (filter.IdempotencyKey ?? filter.WorkflowId) is not null)
        {
            rest.Add("caller = @caller");
        }

        var sources = new List<RowSource>();
        var all = statuses is (true, true, true);
        if (named is null && !all && !statuses.Succeeded)
        {
            // Each of the two has an index of its own, which is as small as what it holds.
            if (statuses.InFlight)
            {
                sources.Add(Of(Keys, IsInFlight, rest));
            }

            if (statuses.Failed)
            {
                sources.Add(Of(Keys, HasFailed, rest));
            }
        }
        else
        {
            sources.Add(Of(Keys, named, all ? rest : [.. rest, OneOf(statuses)]));
        }

        if (statuses.Failed || statuses.Succeeded)
        {
            // Whatever is in the archive has ended.
            sources.Add(Of(Archive, named, statuses is (_, true, true) ? rest : [.. rest, OneOf(statuses)]));
        }

        return sources;
    }

    private static RowSource Of(string table, string? walk, List<string> filter)
    {
        // task_id is null in the rows of other services, task_name is theirs.
        var own = table == Keys ? "task_id is not null and task_name = @task_name" : "true";
        return new(table, walk is null ? own : $"{own} and {walk}", filter.Count == 0 ? null : string.Join(" and ", filter));
    }

    private static string OneOf((bool InFlight, bool Failed, bool Succeeded) statuses)
    {
        string?[] conditions =
            [statuses.InFlight ? IsInFlight : null, statuses.Failed ? HasFailed : null, statuses.Succeeded ? HasSucceeded : null];
        return $"({string.Join(" or ", conditions.OfType<string>())})";
    }
}
