using DurableTask.Core.Exceptions;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Functions;

namespace Iga.LocalHost.Durable.Worker;

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
    TimeProvider time) : DurableTaskClient("local")
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

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw Unsupported("waiting for a start");

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        throw Unsupported("queries");

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        throw Unsupported("external events");

    public override Task SuspendInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw Unsupported("suspending");

    public override Task ResumeInstanceAsync(
        string instanceId, string? reason = null, CancellationToken cancellation = default) => throw Unsupported("resuming");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        if (options?.Recursive == true)
        {
            throw Unsupported("terminating sub-orchestrations");
        }

        if (await queries.TerminateAsync(instanceId, DurableJson.Serialize(options?.Output), cancellation) is { } execution)
        {
            registry.Abandon(execution);
            signals.Signal(instanceId);
        }
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default) =>
        options?.Recursive == true
            ? throw Unsupported("purging sub-orchestrations")
            : new(await queries.PurgeAsync(instanceId, cancellation));

    private static NotSupportedException Unsupported(string what) => new($"The local durable runtime does not offer {what}.");
}
