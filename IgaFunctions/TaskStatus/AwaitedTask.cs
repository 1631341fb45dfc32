using Iga.Waiting;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>Reads how a task is doing, and waits for its end where it is asked to.</summary>
public sealed class AwaitedTask(TaskStateReader states, TaskWaits waits)
{
    /// <param name="wait">The longest wait; zero is none.</param>
    /// <param name="caller">The name of the API key that asks; null where it has none.</param>
    /// <returns>
    /// The task's state when it has ended or the time is up, null if there is no such task; and whether the wait was granted: where too
    /// many wait already, or the process is about to stop, the state is told at once.
    /// </returns>
    /// <exception cref="UnreadableTaskException">The state can't be read.</exception>
    /// <exception cref="OperationCanceledException">The caller hung up.</exception>
    public async Task<(TaskState? State, bool IsGranted)> ReadAsync(
        DurableTaskClient client, Guid id, TimeSpan wait, string? caller, CancellationToken cancellationToken)
    {
        using var place = wait > TimeSpan.Zero ? waits.TryBegin(id, caller) : null;
        var state = await ReadAsync(client, id, cancellationToken);
        if (place is null || state is null or { HasEnded: true })
        {
            return (state, place is not null);
        }

        await place.WaitAsync(wait, cancellationToken);
        return (await ReadAsync(client, id, cancellationToken), true);
    }

    private async Task<TaskState?> ReadAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(TaskStateReader.Budget);
        return await states.ReadAsync(client, id, budget.Token);
    }
}
