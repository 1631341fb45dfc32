using Iga.Tasks;

namespace Iga.Keys;

/// <summary>Renews a task's lock while it waits for a slow model, so that it is not mistaken for a dead one.</summary>
public sealed class LockHeartbeat(
    IdempotencyStore store, IdempotencyOptions options, TimeProvider time, ILogger<LockHeartbeat> logger)
{
    /// <summary>Renews the lock at every heartbeat until what is returned is disposed.</summary>
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
            // The next beat tries again. If none gets through in time, another task takes the key, and what this one writes
            // then is refused, since it is no longer the row's task.
            logger.LogWarning(exception, "The lock could not be renewed");
        }
    }
}
