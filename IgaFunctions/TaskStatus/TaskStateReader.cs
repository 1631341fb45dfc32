using Iga.Changes;
using Iga.Http;
using Iga.Keys;
using Iga.Workflow;

namespace Iga.TaskStatus;

/// <summary>
/// Reads how a task is doing: the engine knows the state of a task. The table knows how a task ended, also after the engine's history
/// is purged, while the engine is out of reach, and where the orchestration ended otherwise after the picture was stored; it alone has
/// the prompt of a task that has ended.
/// </summary>
public sealed class TaskStateReader(
    TaskRecords records, TaskChanges changes, ILogger<TaskStateReader> logger, ILiveTasks? live = null)
{
    /// <summary>For one reading. It ends in time for the caller to be told that the service can't tell at the moment.</summary>
    internal static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    /// <summary>An engine that has not answered by then is not waited for alone: the table is asked as well.</summary>
    private static readonly TimeSpan EngineAlone = TimeSpan.FromSeconds(1);

    /// <returns>Null if there is no such task.</returns>
    /// <exception cref="UnreadableTaskException">Neither the engine nor the table could tell.</exception>
    public async Task<TaskState?> ReadAsync(DurableTaskClient client, Guid id, CancellationToken cancellationToken)
    {
        // Who was told of an end is never told of an earlier state after it: the engine may learn of the end a moment after the table.
        if ((live?.Contains(id) == false || changes.HasJustEnded(id)) && await TryFindEndAsync(id, cancellationToken) is { } ended)
        {
            return ended;
        }

        var look = LookAsync(client, id, cancellationToken);
        try
        {
            return await StateOfAsync(await look.WaitAsync(EngineAlone, cancellationToken), id, cancellationToken);
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

    private static async Task<OrchestrationMetadata?> LookAsync(
        DurableTaskClient client, Guid id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id.ToString(), getInputsAndOutputs: true, cancellationToken);

    private async Task<TaskState?> StateOfAsync(OrchestrationMetadata? instance, Guid id, CancellationToken cancellationToken)
    {
        if (instance is null || instance.Name != ImageWorkflow.Name)
        {
            return await FindRecordAsync(id, cancellationToken);
        }

        // Terminated, or failed unforeseen: the picture may have been stored before that. Then the key starts no other task, and its
        // callers are told of the picture.
        var wasCutOff = instance.RuntimeStatus is OrchestrationRuntimeStatus.Terminated or OrchestrationRuntimeStatus.Failed;
        var state = wasCutOff ? null : TaskState.Of(instance);
        if (state is null or { Outcome.Image.PromptUsed: null }
            && await FindRecordAsync(id, cancellationToken) is { Outcome.Image: not null } stored)
        {
            return stored;
        }

        state ??= TaskState.Of(instance);
        return state.HasEnded || live is not null ? state : await FindNewEndAsync(id, cancellationToken) ?? state;
    }

    /// <summary>Where no process knows which tasks it runs, another one may have written an end that the engine has yet to learn of.</summary>
    private async Task<TaskState?> FindNewEndAsync(Guid id, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(EngineAlone);
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
