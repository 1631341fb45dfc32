using Iga.Keys;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>Activity: whether the key is still the task's; renews an ageing lock.</summary>
public sealed class ConfirmOwnership(KeyOwnership ownership, IgaMetrics metrics, ILogger<ConfirmOwnership> logger)
{
    public const string Name = "confirm_ownership";

    [Function(Name)]
    public async Task<OwnershipResult> RunAsync(
        [ActivityTrigger] ConfirmOwnershipInput input, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginTaskScope(input.Task);
        if (input.RetryOf is { } kind)
        {
            metrics.TaskRetried(kind);
        }

        return await ownership.ConfirmAsync(input.Task, input.Uploaded, cancellationToken) switch
        {
            Ownership.Owned => new OwnershipResult(IsOwned: true),
            Ownership.Completed completed => new OwnershipResult(IsOwned: false, completed.Result),
            _ => new OwnershipResult(IsOwned: false),
        };
    }
}
