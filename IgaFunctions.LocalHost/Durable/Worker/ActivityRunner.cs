using System.Diagnostics.CodeAnalysis;
using Iga.LocalHost.Durable.Engine;
using Iga.Queues;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Runs activities, at most as many at once as host.json allows; those that wait are begun by turns of their callers, so that one
/// caller's many don't keep all others waiting. Waiting for a turn takes no thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds a handle: what uses them may outlive any owner.")]
internal sealed class ActivityRunner(
    IDurableFunctions functions, WorkerLease lease, PaidWork paid, DurableTaskOptions options, ILogger<ActivityRunner> logger)
{
    private readonly FairSlots _slots = new(options.MaxConcurrentActivityFunctions);
    private readonly CancellationTokenSource _cancelled = new();
    private volatile bool _closed;
    private int _running;

    /// <summary>How many activities execute at the moment.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many wait for one of them to end.</summary>
    public int Waiting => _slots.Waiting;

    /// <summary>From now on no activity begins; those that run go on.</summary>
    public void Close() => _closed = true;

    public void CancelAll() => _ = _cancelled.CancelAsync();

    /// <summary>Runs an activity in the background.</summary>
    /// <param name="owner">The lease token under which it runs.</param>
    /// <param name="ended">Told how it ended; not called if the activity was cancelled or never began.</param>
    public void Start(
        InstanceRow instance, Guid owner, PendingTask.Activity activity, Action<HistoryEventKind, string?> ended,
        CancellationToken abandoned)
    {
        // The caller's ambient state (a request's trace, say) must not leak into the activity.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ => RunAsync(instance, owner, activity, ended, abandoned).ContinueWith(
                failed => logger.LogCritical(failed.Exception, "Running {Activity} of {InstanceId} went wrong", activity.Name, instance.InstanceId),
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default),
            null);
    }

    private async Task RunAsync(
        InstanceRow instance, Guid owner, PendingTask.Activity activity, Action<HistoryEventKind, string?> ended,
        CancellationToken abandoned)
    {
        lease.ActUnder(owner);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abandoned, _cancelled.Token);
        try
        {
            await _slots.EnterAsync(() => options.CallerOf(activity.Input), stop.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Interlocked.Increment(ref _running);
        try
        {
            if (_closed)
            {
                return;
            }

            using var stay = paid.Enter(stop);
            var (kind, payload) = await InvokeAsync(instance, activity, stop.Token);

            // What a cancelled activity returns or throws is no result: its next owner runs it again.
            if (!stop.IsCancellationRequested)
            {
                ended(kind, payload);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _slots.Release();
        }
    }

    private async Task<(HistoryEventKind Kind, string? Payload)> InvokeAsync(
        InstanceRow instance, PendingTask.Activity activity, CancellationToken cancellationToken)
    {
        try
        {
            var code = functions.FindActivity(activity.Name)
                ?? throw new InvalidOperationException($"There is no activity named '{activity.Name}'.");
            return (HistoryEventKind.Completed, DurableJson.Serialize(await code(activity.Input, cancellationToken)));
        }
        catch (Exception exception)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "Activity {Activity} of {InstanceId} failed", activity.Name, instance.InstanceId);
            }

            return (HistoryEventKind.Failed, DurableJson.Serialize(Failures.Of(exception)));
        }
    }
}
