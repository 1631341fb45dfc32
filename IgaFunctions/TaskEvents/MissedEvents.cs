using System.Runtime.CompilerServices;
using Iga.TaskList;
using Iga.Workflow;

namespace Iga.TaskEvents;

/// <summary>
/// What a caller has missed since the last event that it was told: the ends since then, and how those tasks are doing that have not ended.
/// </summary>
public sealed class MissedEvents(EventRows rows, TaskSummaries tasks)
{
    /// <summary>Whoever was away longer is told of so much.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>An end may have been written so long after its time; who comes back is told of so much again.</summary>
    private static readonly TimeSpan Overlap = 3 * EventRows.Overlap;

    private const int ReadAtOnce = 200;

    private static readonly HashSet<string> InFlight = [TaskState.Pending.Status, TaskState.Started, TaskState.Retry];

    /// <param name="after">The last event that the caller was told.</param>
    /// <param name="position">The database's time up to which changes are to be told; what comes later is told anyway.</param>
    internal async IAsyncEnumerable<TaskEvent> ReadAsync(
        DurableTaskClient client, TaskFilter filter, EventId after, DateTimeOffset position,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var since = after.At - Overlap;
        var last = new EventId(since > position - Longest ? since : position - Longest, Guid.Empty);
        IReadOnlyList<EventId> part;
        do
        {
            part = await rows.ReadEndedAsync(filter, last, ReadAtOnce, cancellationToken);
            var read = await tasks.FindAsync(client, [.. part.Select(ended => ended.TaskId)], cancellationToken);
            var byId = read.ToDictionary(task => task.TaskId);
            foreach (var ended in part)
            {
                // Cut off in between, the caller goes on from there.
                last = ended;
                if (byId.TryGetValue(ended.TaskId, out var task)
                    && TaskEvent.Of(task, ended.At < position ? ended.At : position) is var change && change.IsFor(filter))
                {
                    yield return change;
                }
            }
        }
        while (part.Count == ReadAtOnce);

        // Their changes have no time in the table.
        var inFlight = filter with { Statuses = filter.Statuses is { } asked ? asked.Intersect(InFlight).ToHashSet() : InFlight };
        if (inFlight.Statuses!.Count == 0)
        {
            yield break;
        }

        Guid? next = null;
        do
        {
            var page = await tasks.ListAsync(client, inFlight, ReadAtOnce, next, cancellationToken);
            foreach (var task in page.Tasks.Where(task => task.Status != TaskState.Pending.Status || task.CreatedAt >= since))
            {
                yield return TaskEvent.Of(task, position);
            }

            next = page.Next;
        }
        while (next is not null);
    }
}
