using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>Starts and stops the durable runtime of this process.</summary>
internal sealed class DurableRuntime(
    Heartbeat heartbeat,
    Dispatcher dispatcher,
    InstanceRegistry registry,
    ActivityRunner activities,
    LeaseStore leases,
    WorkerLease lease,
    DurableTaskOptions options,
    ILogger<DurableRuntime> logger) : IHostedService, IDisposable
{
    // A stop takes at most the grace period (5 s by default), two of the first and one of the second: 9 s.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandBackTime = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopDispatcher = new();
    private Task _beating = Task.CompletedTask;
    private Task _dispatching = Task.CompletedTask;

    /// <summary>Returns at once: without its database the process can answer for itself, and goes on once there is one.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _beating = Task.Run(() => heartbeat.RunAsync(dispatcher.Wake, _stop.Token), CancellationToken.None);
        _dispatching = Task.Run(() => dispatcher.RunAsync(_stopDispatcher.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Takes no more work, lets running activities finish within the grace period, cancels the rest, and hands all leases
    /// back. What of this process writes after that is refused by the database, since the lease is gone.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The heartbeat goes on meanwhile: what still runs is written under its lease.
        registry.Close();
        activities.Close();
        await _stopDispatcher.CancelAsync();
        await UntilAsync(
            () => _dispatching.IsCompleted && activities.Running == 0 && registry.IsQuiet, options.ShutdownGrace, cancellationToken);

        var worker = lease.Current;
        await _stop.CancelAsync();
        await UntilAsync(() => _beating.IsCompleted, UnwindTime, cancellationToken);
        lease.Current = null;
        registry.AbandonAll();
        activities.CancelAll();
        await UntilAsync(() => activities.Running == 0, UnwindTime, cancellationToken);
        if (worker is null)
        {
            return;
        }

        try
        {
            using CancellationTokenSource limit = new(HandBackTime);
            await leases.HandBackAsync(worker.Value, limit.Token);
        }
        catch (Exception exception) when (exception.IsDatabaseFault() || exception is OperationCanceledException)
        {
            logger.LogWarning(exception, "The leases could not be handed back; they run out in {Lease}", options.LeaseDuration);
        }
    }

    public void Dispose()
    {
        // A host that failed to start is disposed without having been stopped.
        _stop.Cancel();
        _stopDispatcher.Cancel();
        _stop.Dispose();
        _stopDispatcher.Dispose();
    }

    private static async Task UntilAsync(Func<bool> condition, TimeSpan limit, CancellationToken cancellationToken)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!condition() && Environment.TickCount64 < deadline && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
