using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Registers this process as a worker and renews its lease, on a connection of its own. A process whose worker row has
/// vanished was taken for dead and taken over: it drops all that it runs and goes on under a new token.
/// </summary>
internal sealed class Heartbeat(
    WorkerStore workers,
    WorkerLease lease,
    InstanceRegistry registry,
    DatabaseOutage outage,
    DurableTaskOptions options,
    ILogger<Heartbeat> logger)
{
    private Guid _worker = Guid.CreateVersion7();
    private long _lastBeat = Environment.TickCount64;
    private long _steadySince = long.MinValue;
    private long _lost;

    /// <summary>
    /// How long others get to renew after an outage, before they are taken for dead: after one that outlasted every lease,
    /// all rows are expired, and whoever came back first would take over those who come back a moment later.
    /// </summary>
    public TimeSpan Grace => options.LeaseDuration / 2;

    /// <summary>Whether this process has been in touch with the database for long enough to take others for dead.</summary>
    public bool MayTakeOver => Environment.TickCount64 - (long)Grace.TotalMilliseconds >= Volatile.Read(ref _steadySince);

    /// <summary>How often this process was taken for dead, and its instances taken over.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Beats until cancelled.</summary>
    /// <param name="registered">Called when there is a token under which work can be taken.</param>
    public async Task RunAsync(Action registered, CancellationToken cancellationToken)
    {
        await using var connection = workers.Connect(options.HeartbeatConnectionString);
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = options.HeartbeatInterval;
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(TimeSpan.FromSeconds(3));
                pause = await BeatAsync(connection, registered, limit.Token) ? pause : TimeSpan.Zero;
                var now = Environment.TickCount64;
                if (failures > 0 || now - _lastBeat > options.LeaseDuration.TotalMilliseconds)
                {
                    Volatile.Write(ref _steadySince, now);
                }

                (failures, _lastBeat) = (0, now);
                outage.Over();
            }
            catch (Exception exception)
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                // Whatever it was: without a beat the leases are lost, so try on.
                outage.Report(exception);
                Volatile.Write(ref _steadySince, long.MaxValue);
                await connection.CloseAsync();
                pause = DatabaseOutage.Backoff(failures++);
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> BeatAsync(WorkerConnection connection, Action registered, CancellationToken cancellationToken)
    {
        var asked = Environment.TickCount64;
        var found = lease.Current is null
            ? await connection.RegisterAsync(_worker, options.LeaseDuration, cancellationToken)
            : await connection.RenewAsync(_worker, options.LeaseDuration, cancellationToken);
        if (!found)
        {
            logger.LogWarning("Worker {Worker} was taken for dead; dropping what it runs and going on as another", _worker);
            Interlocked.Increment(ref _lost);
            lease.Current = null;
            _worker = Guid.CreateVersion7();
            registry.AbandonAll();
        }
        else
        {
            lease.Renewed(asked, options.LeaseDuration);
            if (lease.Current is null)
            {
                lease.Current = _worker;
                registered();
            }
        }

        return found;
    }
}
