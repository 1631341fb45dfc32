using Iga.Keys;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Workflow;
using Npgsql;

namespace Iga.TaskList;

/// <summary>
/// Lists tasks, those in flight with the state that the engine tells. What a page costs does not depend on how many tasks there are:
/// every filter walks an index, and only so far at once.
/// </summary>
/// <remarks>Methods throw <see cref="NpgsqlException"/> or <see cref="TimeoutException"/> when PostgreSQL is out of reach.</remarks>
public sealed class TaskSummaries(TaskRows rows, ITaskStates states)
{
    /// <summary>So many of the tasks in flight are asked for their state at once where only some states are wanted.</summary>
    private const int StatesAtOnce = 200;

    /// <summary>A page that has found less than it was to find is given as it is after so many looks.</summary>
    private const int MostLooks = 3;

    /// <param name="limit">Of tasks, at least 1.</param>
    /// <param name="after">The page's <see cref="TaskPage.Next"/> before; null for the first page.</param>
    public async Task<TaskPage> ListAsync(
        DurableTaskClient client, TaskFilter filter, int limit, Guid? after, CancellationToken cancellationToken)
    {
        var kinds = (
            InFlight: Wants(filter, TaskState.Pending.Status) || Wants(filter, TaskState.Started) || Wants(filter, TaskState.Retry),
            Failed: Wants(filter, TaskState.Failure),
            Succeeded: Wants(filter, TaskState.Success));
        var isStateFiltered = kinds.InFlight
            && !(Wants(filter, TaskState.Pending.Status) && Wants(filter, TaskState.Started) && Wants(filter, TaskState.Retry));
        var sources = RowSource.For(filter, kinds);
        var size = isStateFiltered ? Math.Max(limit, StatesAtOnce) : limit;

        List<TaskSummary> found = [];
        var next = after ?? (filter.Until is { } until ? TaskIdTime.LowerBound(until) : TaskIdTime.End);
        for (var look = 1; ; look++)
        {
            var (read, rest) = await rows.ReadPageAsync(sources, filter, size, next, cancellationToken);
            found.AddRange((await WithStatesAsync(client, read, cancellationToken))
                .Where(task => !isStateFiltered || Wants(filter, task.Status)));
            if (found.Count > limit)
            {
                return new(found[..limit], found[limit - 1].TaskId);
            }

            if (rest is not { } place || found.Count == limit || look == MostLooks)
            {
                return new(found, rest);
            }

            next = place;
        }
    }

    /// <returns>The tasks of these ids that are known, the newest first.</returns>
    public async Task<IReadOnlyList<TaskSummary>> FindAsync(
        DurableTaskClient client, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        await WithStatesAsync(client, await rows.FindAsync(ids, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<TaskSummary>> WithStatesAsync(
        DurableTaskClient client, IReadOnlyList<TaskRow> read, CancellationToken cancellationToken)
    {
        var inFlight = read.Where(row => !row.HasEnded).Select(row => row.Summary.TaskId).ToArray();
        if (inFlight.Length == 0)
        {
            return [.. read.Select(row => row.Summary)];
        }

        var told = await states.FindAsync(client, inFlight, cancellationToken);
        return [.. read.Select(row =>
            !row.HasEnded && told.TryGetValue(row.Summary.TaskId, out var status) ? row.Summary with { Status = status } : row.Summary)];
    }

    private static bool Wants(TaskFilter filter, string status) => filter.Statuses?.Contains(status) ?? true;
}
