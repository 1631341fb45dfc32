using DurableTask.Core.Exceptions;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>The client on the runtime's own tables.</summary>
internal sealed class LocalDurableTaskClient(
    InstanceStore store,
    InstanceQueries queries,
    InstanceRegistry registry,
    WorkerLease lease,
    Dispatcher dispatcher,
    IDurableFunctions functions,
    TimeProvider time) : DurableTaskClient("local")
{
    /// <summary>Starts an instance. With an id of the caller's own, <paramref name="options"/> must dedupe all statuses.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">There is an instance with this id, in whatever state.</exception>
    /// <exception cref="NotSupportedException">The options ask for what the runtime does not keep.</exception>
    /// <exception cref="ArgumentException">There is no such orchestrator, or the id is no valid one.</exception>
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        if (orchestratorName.Name is null || functions.FindOrchestrator(orchestratorName.Name) is null)
        {
            throw new ArgumentException($"There is no orchestrator named '{orchestratorName}'.", nameof(orchestratorName));
        }

        RefusedOptions.Check(options);
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.Check(id);
        InstanceRow row = new(
            id, Guid.CreateVersion7(), orchestratorName.Name, DurableJson.Serialize(input), CustomStatus: null,
            time.GetUtcNow().UtcDateTime.WholeMicroseconds(), Seq: 0);
        await ScheduleAsync(row, cancellation);
        return id;
    }

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return queries.GetAsync(instanceId, getInputsAndOutputs, cancellation);
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation);

    public override async Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        RefusedOptions.Check(options);
        if (await queries.TerminateAsync(instanceId, DurableJson.Serialize(options?.Output), cancellation) is { } execution)
        {
            registry.Abandon(execution);
        }
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        RefusedOptions.Check(options);
        return new(await queries.PurgeAsync(instanceId, cancellation));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw Unsupported("waiting for a start: ask with GetInstanceAsync");

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        throw Unsupported("waiting for an end: ask with GetInstanceAsync");

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

    /// <summary>Records the instance and runs it here, or leaves it to whoever claims it if this process has no room or no lease.</summary>
    private async Task ScheduleAsync(InstanceRow row, CancellationToken cancellation)
    {
        var reserved = lease.Current is not null ? registry.Reserve(1) : 0;
        var owner = reserved == 1 ? lease.Current : null;
        using var announced = registry.Announce(row.ExecutionId);
        try
        {
            if (!await store.InsertAsync(row, owner, cancellation))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"There is an orchestration instance with id '{row.InstanceId}' already.");
            }

            if (owner is { } token)
            {
                registry.Adopt(row, [], token);
            }
        }
        catch (Exception exception) when (exception is not OrchestrationAlreadyExistsException)
        {
            // The row may have been written all the same, leased to this process. Nobody here runs it: the dispatcher is to look
            // for such leases soon, and free it.
            announced.Dispose();
            dispatcher.Reconcile();
            throw;
        }
        finally
        {
            registry.GiveBack(reserved);
        }
    }

    private static NotSupportedException Unsupported(string what) => new($"The local durable runtime does not offer {what}.");
}
