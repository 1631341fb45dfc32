using Iga.Keys;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>Keeps a task's lock fresh while it waits for a slow model.</summary>
public sealed class LockHeartbeat(
    IdempotencyStore store, IdempotencyOptions options, TimeProvider time, ILogger<LockHeartbeat> logger)
{
    /// <summary>Renews the lock at every heartbeat until the returned timer is disposed.</summary>
    public IAsyncDisposable Start(ImageTask task) =>
        time.CreateTimer(_ => _ = RenewAsync(task), null, options.Heartbeat, options.Heartbeat);

    private async Task RenewAsync(ImageTask task)
    {
        using var timeout = new CancellationTokenSource(options.Heartbeat, time);
        try
        {
            await store.RenewLockAsync(task, timeout.Token);
        }
        catch (Exception exception)
        {
            // The next beat tries again; if none gets through in time, another task takes the key and this one is fenced.
            logger.LogWarning(exception, "The lock could not be renewed");
        }
    }
}
