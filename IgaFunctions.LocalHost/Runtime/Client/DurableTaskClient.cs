namespace Iga.LocalHost.Runtime;

/// <summary>Starts orchestrations, looks at them and ends them. Exceptions of the database pass through.</summary>
public abstract class DurableTaskClient
{
    /// <summary>Records a new instance; it is committed when this returns.</summary>
    /// <returns>The instance id.</returns>
    /// <exception cref="OrchestrationAlreadyExistsException">An instance with this id exists and has not ended.</exception>
    /// <exception cref="TaskHubSaturatedException">Too many instances have not ended; nothing was recorded.</exception>
    /// <exception cref="ArgumentException">There is no such orchestrator.</exception>
    public abstract Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default);

    public virtual Task<OrchestrationMetadata?> GetInstanceAsync(string instanceId, CancellationToken cancellation) =>
        GetInstanceAsync(instanceId, false, cancellation);

    /// <summary>Reads an instance's state; null if there is none.</summary>
    /// <param name="getInputsAndOutputs">Whether input, output and custom status are read too.</param>
    public abstract Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    /// <summary>Waits until an instance has ended.</summary>
    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public abstract Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default);

    public virtual Task TerminateInstanceAsync(string instanceId, CancellationToken cancellation) =>
        TerminateInstanceAsync(instanceId, null, cancellation);

    /// <summary>Ends an instance as Terminated, unless it has ended or doesn't exist.</summary>
    public abstract Task TerminateInstanceAsync(
        string instanceId, object? output, CancellationToken cancellation = default);

    /// <summary>Deletes an instance that has ended, with its history.</summary>
    public abstract Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation);
}
