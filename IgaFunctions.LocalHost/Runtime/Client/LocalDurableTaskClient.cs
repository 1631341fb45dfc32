namespace Iga.LocalHost.Runtime;

/// <summary>The client on the runtime's own tables.</summary>
internal sealed class LocalDurableTaskClient(
    InstanceStore store,
    InstanceQueries queries,
    InstanceRegistry registry,
    PendingInstances pending,
    WorkerLease lease,
    CompletionSignals signals,
    Dispatcher dispatcher,
    FunctionCatalog catalog,
    TimeProvider time) : DurableTaskClient
{
    private static readonly TimeSpan CompletionPoll = TimeSpan.FromMilliseconds(500);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (orchestratorName.Name is null || catalog.Find(FunctionTrigger.Orchestration, orchestratorName.Name) is null)
        {
            throw new ArgumentException($"There is no orchestrator named '{orchestratorName}'.", nameof(orchestratorName));
        }

        pending.ThrowIfSaturated();
        var now = time.GetUtcNow().UtcDateTime.WholeMicroseconds();
        var startAt = Times.Latest(now, (options?.StartAt?.UtcDateTime ?? now).WholeMicroseconds());
        InstanceRow row = new(
            options?.InstanceId ?? Guid.NewGuid().ToString(), Guid.CreateVersion7(), orchestratorName.Name,
            DurableJson.Serialize(input), CustomStatus: null, startAt, Seq: 0);
        var reserved = startAt == now && lease.Current is not null ? registry.Reserve(1) : 0;
        var owner = reserved == 1 ? lease.Current : null;
        if (owner is null)
        {
            pending.Add();
        }

        using var announced = registry.Announce(row.ExecutionId);
        try
        {
            if (!await store.InsertAsync(row, now, owner, cancellation))
            {
                if (owner is null)
                {
                    pending.Withdraw();
                }

                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration instance with id '{row.InstanceId}' exists and has not ended.");
            }

            if (owner is { } token)
            {
                registry.Adopt(row, [], token);
            }
        }
        catch (Exception exception) when (exception is not OrchestrationAlreadyExistsException)
        {
            // It may have been written all the same.
            announced.Dispose();
            dispatcher.Reconcile();
            throw;
        }
        finally
        {
            registry.GiveBack(reserved);
        }

        return row.InstanceId;
    }

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        queries.GetAsync(instanceId, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        try
        {
            while (true)
            {
                // Asked for before looking, so that an end in between is not missed.
                var signal = signals.Next(instanceId);
                var metadata = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation)
                    ?? throw new InvalidOperationException($"There is no orchestration instance with id '{instanceId}'.");
                if (metadata.IsCompleted)
                {
                    return metadata;
                }

                await Task.WhenAny(signal, Task.Delay(CompletionPoll, cancellation));
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            signals.Forget(instanceId);
        }
    }

    public override async Task TerminateInstanceAsync(
        string instanceId, object? output, CancellationToken cancellation = default)
    {
        if (await queries.TerminateAsync(instanceId, DurableJson.Serialize(output), cancellation) is { } execution)
        {
            registry.Abandon(execution);
            signals.Signal(instanceId);
        }
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) =>
        new(await queries.PurgeAsync(instanceId, cancellation));
}
