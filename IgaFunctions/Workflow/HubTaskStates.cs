using System.Collections.Concurrent;

namespace Iga.Workflow;

/// <summary>Asks the engine for one task after another, several at a time and for a short while only.</summary>
public sealed class HubTaskStates(TimeProvider time, ILogger<HubTaskStates> logger) : ITaskStates
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
                    // Some back ends' clients heed no token while their storage is down.
                    var look = client.GetInstanceAsync(id.ToString(), getInputsAndOutputs: true, token);
                    if (await look.WaitAsync(token) is { } instance && instance.Name == ImageWorkflow.Name)
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
