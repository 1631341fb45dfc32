namespace Iga.Tests.EndToEnd;

/// <summary>A task hub that a test can spoil, in front of the real one.</summary>
internal sealed class HubDouble(DurableTaskClient inner) : DurableTaskClient
{
    /// <summary>What happens to a schedule; given the real one. Null passes it on.</summary>
    public Func<Func<Task<string>>, Task<string>>? OnSchedule { get; set; }

    /// <summary>What happens to a look at an instance before the real one; null is nothing.</summary>
    public Func<string, Task>? OnLook { get; set; }

    public int Schedules { get; private set; }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        Schedules++;
        return OnSchedule is null
            ? ScheduleAsync()
            : OnSchedule(ScheduleAsync);

        Task<string> ScheduleAsync() =>
            inner.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, options, CancellationToken.None);
    }

    public override async Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        await (OnLook?.Invoke(instanceId) ?? Task.CompletedTask);
        return await inner.GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation);
    }

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        inner.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task TerminateInstanceAsync(string instanceId, object? output, CancellationToken cancellation = default) =>
        inner.TerminateInstanceAsync(instanceId, output, cancellation);

    public override Task<PurgeResult> PurgeInstanceAsync(string instanceId, CancellationToken cancellation) =>
        inner.PurgeInstanceAsync(instanceId, cancellation);
}
