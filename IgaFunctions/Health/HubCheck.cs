using Iga.Http;

namespace Iga.Health;

/// <summary>Whether the task hub, where orchestrations are kept, can be asked.</summary>
internal static class HubCheck
{
    internal static readonly Readiness Silent = NotReady("no answer in time");

    /// <summary>No task has it.</summary>
    private static readonly string NoInstance = Guid.Empty.ToString();

    public static async Task<Readiness> AskAsync(DurableTaskClient hub, CancellationToken cancellationToken)
    {
        try
        {
            await hub.GetInstanceAsync(NoInstance, getInputsAndOutputs: false, cancellationToken);
            return Readiness.Ready;
        }
        catch (Exception exception)
        {
            // What it throws depends on the engine.
            return NotReady(exception.Message);
        }
    }

    private static Readiness NotReady(string cause) =>
        new(ErrorCode.TaskHubUnavailable, "The task hub does not answer; tasks can't be started.", cause);
}
