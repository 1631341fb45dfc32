namespace Iga.TaskList;

/// <summary>One of the places where tasks are looked for, newest first, and how.</summary>
/// <param name="Table">idempotency_keys, or the archive of tasks that have no row there.</param>
/// <param name="Column">
/// The column that the index begins with, whose value is the parameter of the same name; null for an index of ids alone.
/// </param>
/// <param name="Walk">
/// The conditions that the index answers besides. What it finds is looked through in the order of ids, and only so much of it at once.
/// </param>
/// <param name="Filter">The rest of the conditions; null where the walk finds just what is asked for.</param>
internal sealed record RowSource(string Table, string? Column, string Walk, string? Filter)
{
    public const string Keys = "idempotency_keys";
    public const string Archive = "iga_task_archive";

    private const string IsInFlight = "result_payload is null and error_payload is null";
    private const string HasFailed = "error_payload is not null";
    private const string HasSucceeded = "result_payload is not null and error_payload is null";

    public bool IsArchive => Table == Archive;

    public string Order => Column is null ? "task_id desc" : $"{Column} desc, task_id desc";

    /// <summary>
    /// The tasks between two ids. Columns are compared as rows, since the planner would else walk all ids for the few of a value that it
    /// takes for a frequent one: it plans for any value.
    /// </summary>
    public string Select(string columns)
    {
        var range = Column is null
            ? "task_id < @after and task_id >= @since"
            : $"({Column}, task_id) < (@{Column}, @after) and ({Column}, task_id) >= (@{Column}, @since) and {Column} is not null";
        return $"select {columns} from {Table} where {Walk} and {range} order by {Order}";
    }

    /// <param name="statuses">Whether tasks in flight are asked for, such as failed, such as succeeded.</param>
    public static IReadOnlyList<RowSource> For(TaskFilter filter, (bool InFlight, bool Failed, bool Succeeded) statuses)
    {
        var column = filter switch
        {
            { IdempotencyKey: not null } => "idempotency_key",
            { WorkflowId: not null } => "workflow_id",
            { Caller: not null } => "caller",
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
        if (column is null && !all && !statuses.Succeeded)
        {
            // Each of the two has an index of its own, which is as small as what it holds.
            if (statuses.InFlight)
            {
                sources.Add(Of(Keys, null, IsInFlight, rest));
            }

            if (statuses.Failed)
            {
                sources.Add(Of(Keys, null, HasFailed, rest));
            }
        }
        else
        {
            sources.Add(Of(Keys, column, null, all ? rest : [.. rest, OneOf(statuses)]));
        }

        if (statuses.Failed || statuses.Succeeded)
        {
            // Whatever is in the archive has ended.
            sources.Add(Of(Archive, column, null, statuses is (_, true, true) ? rest : [.. rest, OneOf(statuses)]));
        }

        return sources;
    }

    private static RowSource Of(string table, string? column, string? walk, List<string> filter)
    {
        // task_id is null in the rows of other services, task_name is theirs.
        var own = table == Keys ? "task_id is not null and task_name = @task_name" : "true";
        return new(table, column, walk is null ? own : $"{own} and {walk}", filter.Count == 0 ? null : string.Join(" and ", filter));
    }

    private static string OneOf((bool InFlight, bool Failed, bool Succeeded) statuses)
    {
        string?[] conditions =
            [statuses.InFlight ? IsInFlight : null, statuses.Failed ? HasFailed : null, statuses.Succeeded ? HasSucceeded : null];
        return $"({string.Join(" or ", conditions.OfType<string>())})";
    }
}
