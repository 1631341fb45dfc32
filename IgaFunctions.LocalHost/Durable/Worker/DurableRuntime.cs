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
    PaidWork paid,
    DurableTaskOptions options,
    ILogger<DurableRuntime> logger) : IHostedLifecycleService, IDisposable
{
    /// <summary>What a stop may take beyond the grace period: two of the first and one of the second.</summary>
    public static readonly TimeSpan StopOverhead = TimeSpan.FromSeconds(4);

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
    /// Takes no more work, lets running activities finish within their grace periods, cancels the rest, and hands all leases
    /// back. What of this process writes after that is refused by the database, since the lease is gone. All of it happens
    /// before anything else of the host is stopped: until then the process answers polls, and takes orders, which wait for others.
    /// </summary>
    /// <param name="cancellationToken">Ends the grace periods at once.</param>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // The heartbeat goes on meanwhile: what still runs is written under its lease.
        registry.Close();
        activities.Close();
        paid.Close();
        await _stopDispatcher.CancelAsync();
        if (paid.Count is > 0 and var count)
        {
            logger.LogInformation("Stopping waits up to {grace} for {count} activities that have paid work under way", options.ShutdownGrace, count);
        }

        await DrainAsync(cancellationToken);

        var worker = lease.Current;
        await _stop.CancelAsync();
        await UntilAsync(() => _beating.IsCompleted, UnwindTime);
        lease.Current = null;
        registry.AbandonAll();
        activities.CancelAll();
        await UntilAsync(() => activities.Running == 0, UnwindTime);
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

    Task IHostedLifecycleService.StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // A host that failed to start is disposed without having been stopped.
        _stop.Cancel();
        _stopDispatcher.Cancel();
        _stop.Dispose();
        _stopDispatcher.Dispose();
    }

    /// <summary>Waits until all that runs has ended and is written down, or the time is up for what has not.</summary>
    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var began = Environment.TickCount64;
        var grace = (long)options.ShutdownGrace.TotalMilliseconds;
        var unpaid = Math.Min((long)options.UnpaidShutdownGrace.TotalMilliseconds, grace);
        var lastPaid = began;
        while (!cancellationToken.IsCancellationRequested && !(_dispatching.IsCompleted && activities.Running == 0 && registry.IsQuiet))
        {
            var now = Environment.TickCount64;
            lastPaid = paid.Count > 0 ? now : lastPaid;
            if (now - began >= grace || now - lastPaid >= unpaid)
            {
                return;
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static async Task UntilAsync(Func<bool> condition, TimeSpan limit)
    {
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!condition() && Environment.TickCount64 < deadline)
        {
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
