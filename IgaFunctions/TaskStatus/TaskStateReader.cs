using Iga.Changes;
using Iga.Http;
using Iga.Keys;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>
/// Reads how a task is doing. The table knows how a task ended, also after the engine's history is purged, while the engine is out of
/// reach, and where the orchestration ended otherwise after the picture was stored; it alone has the prompt of a task that has ended. So
/// it is asked first, but for tasks that run in this process, and the engine only for what has not ended.
/// </summary>
public sealed class TaskStateReader(
    TaskRecords records, TaskChanges changes, HubLooks looks, ILogger<TaskStateReader> logger, ILiveTasks? live = null)
{
    /// <summary>For one reading. It ends in time for the caller to be told that the service can't tell at the moment.</summary>
    internal static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    /// <summary>Of engine and table, one that has not answered by then is not waited for alone: the other is asked as well.</summary>
    private static readonly TimeSpan OneAlone = TimeSpan.FromSeconds(1);

    /// <returns>Null if there is no such task.</returns>
    /// <exception cref="UnreadableTaskException">Neither the engine nor the table could tell.</exception>
    public async Task<TaskState?> ReadAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        // Who was told of an end is never told of an earlier state after it: the engine may learn of the end a moment after the table.
        if ((live?.Contains(id) != true || changes.HasJustEnded(id)) && await TryFindFirstAsync(id, cancellationToken) is { } ended)
        {
            return ended;
        }

        var look = LookAsync(client, id, cancellationToken);
        try
        {
            return await StateOfAsync(await look.WaitAsync(OneAlone, cancellationToken), id, cancellationToken);
        }
        catch (Exception exception) when (exception is not UnreadableTaskException)
        {
            // Only an end: the table does not know whether a task in flight has begun, and of a task that lost its key it may
            // know nothing yet.
            if (await TryFindEndAsync(id, cancellationToken) is { } end)
            {
                logger.LogWarning(exception, "The task hub does not answer; the end of task {task_id} is told from the table", id);
                return end;
            }
        }

        try
        {
            // Some back ends' clients heed no token while their storage is down.
            return await StateOfAsync(await look.WaitAsync(cancellationToken), id, cancellationToken);
        }
        catch (Exception exception) when (exception is not UnreadableTaskException)
        {
            throw new UnreadableTaskException(ErrorCode.TaskHubUnavailable, exception);
        }
    }

    /// <summary>The local host's engine tells at once; what Azure's tells costs a request to its storage.</summary>
    private async Task<OrchestrationMetadata?> LookAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken) => live is null
        ? await looks.FindAsync(client, id, cancellationToken)
        : await client.GetInstanceAsync(id.ToString(), getInputsAndOutputs: true, cancellationToken);

    private async Task<TaskState?> StateOfAsync(OrchestrationMetadata? instance, Guid id, CancellationToken cancellationToken)
    {
        if (instance is null || instance.Name != ImageWorkflow.Name)
        {
            return await FindRecordAsync(id, cancellationToken);
        }

        // Terminated, or failed unforeseen: the picture may have been stored before that. Then the key starts no other task, and its
        // callers are told of the picture. Of a task that was cancelled the engine may know only that its key was taken away.
        var wasCutOff = instance.RuntimeStatus is OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Failed;
        var state = TaskState.Of(instance);
        var mayBeToldBetter = wasCutOff || state is { Outcome.Image.PromptUsed: null } or { Outcome.Conflict: not null };
        if (mayBeToldBetter && await FindRecordAsync(id, cancellationToken) is { Outcome: { } told } record
            && (told.Image is not null || (told.Error is not null && state.Outcome?.Image is null)))
        {
            return record;
        }

        return state;
    }

    /// <summary>A table that does not answer at once is not waited for alone.</summary>
    private async Task<TaskState?> TryFindFirstAsync(Guid id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OneAlone);
        return await TryFindEndAsync(id, limit.Token);
    }

    private async Task<TaskState?> FindRecordAsync(Guid id, CancellationToken cancellationToken) =>
        await AskTableAsync(records.FindAsync(id, cancellationToken), cancellationToken) is { } record
            ? TaskState.Of(record)
            : null;

    /// <exception cref="UnreadableTaskException">The table does not answer.</exception>
    public static async Task<T> AskTableAsync<T>(Task<T> question, CancellationToken cancellationToken)
    {
        try
        {
            return await question.WaitAsync(cancellationToken);
        }
        catch (Exception exception)
        {
            throw new UnreadableTaskException(ErrorCode.StoreUnavailable, exception);
        }
    }

    private async Task<TaskState?> TryFindEndAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await FindRecordAsync(id, cancellationToken) is { HasEnded: true } end ? end : null;
        }
        catch (UnreadableTaskException)
        {
            return null; // Then the engine's own failure is the answer.
        }
    }
}
