using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Looks for what nobody runs: instances that are waiting, that a dead worker has left, or that are leased to this process
/// without its knowing (the answer to a statement got lost). Also deletes what ended long ago.
/// </summary>
internal sealed class Dispatcher(
    LeaseStore leases,
    InstanceStore store,
    InstanceQueries queries,
    InstanceRegistry registry,
    WorkerLease lease,
    Heartbeat heartbeat,
    IDurableFunctions functions,
    DatabaseOutage outage,
    DurableTaskOptions options,
    ILogger<Dispatcher> logger)
{
    private const int PurgeBatch = 500;
    private static readonly TimeSpan ReconcileInterval = TimeSpan.FromSeconds(30);

    private readonly string[] _names = [.. functions.Orchestrators.Select(name => name.ToLowerInvariant())];

    private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nextReconcile;
    private long _nextPurge;

    /// <summary>Looks at once instead of at the next poll.</summary>
    public void Wake() => _woken.TrySetResult();

    /// <summary>Something may have been leased to this process without its knowing: look for it soon.</summary>
    public void Reconcile() => Volatile.Write(ref _nextReconcile, 0);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _nextReconcile = After(ReconcileInterval);
        _nextPurge = After(options.PurgeInterval * Random.Shared.NextDouble());
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (lease.Current is { } worker)
                {
                    await LookAsync(worker, cancellationToken);
                }
            }
            catch (Exception exception) when (exception.IsDatabaseFault())
            {
                outage.Report(exception);
                Reconcile();
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogError(exception, "Looking for work went wrong");
                Reconcile();
            }

            var pause = options.PollInterval * (0.75 + Random.Shared.NextDouble() / 4);
            await Task.WhenAny(_woken.Task, Task.Delay(pause, cancellationToken));
            if (_woken.Task.IsCompleted)
            {
                _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private async Task LookAsync(Guid worker, CancellationToken cancellationToken)
    {
        var (isOwnerGone, isWorkWaiting) = await leases.LookAsync(_names, cancellationToken);
        if (isOwnerGone && heartbeat.MayTakeOver)
        {
            isWorkWaiting |= await leases.TakeOverAsync(worker, heartbeat.Grace, cancellationToken) > 0;
        }

        if (Environment.TickCount64 >= Volatile.Read(ref _nextReconcile))
        {
            Volatile.Write(ref _nextReconcile, After(ReconcileInterval));
            isWorkWaiting |= await ReleaseUnknownAsync(worker, cancellationToken);
        }

        while (isWorkWaiting && await ClaimAsync(worker, cancellationToken))
        {
        }

        if (Environment.TickCount64 >= _nextPurge)
        {
            _nextPurge = After(options.PurgeInterval);
            while (await queries.PurgeEndedAsync(options.Retention, PurgeBatch, cancellationToken) == PurgeBatch)
            {
            }
        }
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> ClaimAsync(Guid worker, CancellationToken cancellationToken)
    {
        var batch = registry.Reserve(options.ClaimBatchSize);
        try
        {
            var rows = batch == 0 ? [] : await leases.ClaimAsync(worker, _names, batch, cancellationToken);
            if (rows.Count == 0)
            {
                return false;
            }

            var histories = await store.ReadHistoryAsync(rows, cancellationToken);
            foreach (var row in rows)
            {
                registry.Adopt(row, histories[row.ExecutionId], worker);
            }

            return rows.Count == batch;
        }
        finally
        {
            registry.GiveBack(batch);
        }
    }

    /// <returns>Whether there were any, which wait now.</returns>
    private async Task<bool> ReleaseUnknownAsync(Guid worker, CancellationToken cancellationToken)
    {
        var leased = await leases.ReadLeasedAsync(worker, cancellationToken);
        var unknown = leased.Where(execution => !registry.Knows(execution)).ToArray();
        if (unknown.Length > 0)
        {
            await leases.ReleaseAsync(worker, unknown, cancellationToken);
        }

        return unknown.Length > 0;
    }

    private static long After(TimeSpan delay) => Environment.TickCount64 + (long)delay.TotalMilliseconds;
}
