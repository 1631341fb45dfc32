using System.Collections.Concurrent;

namespace Iga.Workflow;

/// <summary>Asks the engine for one task after another, several at a time and for a short while only.</summary>
public sealed class HubTaskStates(HubLooks looks, TimeProvider time, ILogger<HubTaskStates> logger) : ITaskStates
{
    private const int AtOnce = 16;

    /// <summary>A list without the states of some tasks is worth more than none, so who asks is not kept waiting longer.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyDictionary<Guid, string>> FindAsync(
        DurableTaskClient client, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<Guid, string>();
        using var timeout = new CancellationTokenSource(Budget, time);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await Parallel.ForEachAsync(
                ids,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = budget.Token },
                async (id, token) =>
                {
                    if (await looks.FindAsync(client, id, token) is { } instance && instance.Name == ImageWorkflow.Name)
                    {
                        found[id] = TaskState.StatusInFlight(instance);
                    }
                });
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogWarning(exception, "The task hub told the states of {count} of {asked} tasks", found.Count, ids.Count);
        }

        return found;
    }
}
