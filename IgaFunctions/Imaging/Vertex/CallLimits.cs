using System.Threading.RateLimiting;
using Iga.Faults;

namespace Iga.Imaging.Vertex;

/// <summary>
/// Keeps this process within the model's quota: calls in the air at once, and calls a minute, evenly spread. A call that
/// would wait longer than <see cref="LongestWait"/> is sent back, since a waiting task costs less than a waiting call.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    // Below this the clock of the bucket is too coarse; faster limits get several permits at a time.
    private const int MaxPeriodsPerMinute = 600;

    // A guess at how long one call takes, to tell a call that is sent back when to come again.
    private static readonly TimeSpan UsualCall = TimeSpan.FromSeconds(15);

    private readonly TimeProvider time;
    private readonly int concurrent;
    private readonly ConcurrencyLimiter? inTheAir;
    private readonly TokenBucketRateLimiter? perMinute;

    public CallLimits(VertexOptions options, TimeProvider time)
    {
        this.time = time;
        if (options.MaxConcurrency is { } max)
        {
            concurrent = max;
            inTheAir = new(new ConcurrencyLimiterOptions
            {
                PermitLimit = max,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }

        if (options.RequestsPerMinute is { } requests)
        {
            var atOnce = (requests + MaxPeriodsPerMinute - 1) / MaxPeriodsPerMinute;
            perMinute = new(new TokenBucketRateLimiterOptions
            {
                TokenLimit = atOnce,
                TokensPerPeriod = atOnce,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1) * atOnce / requests,
                AutoReplenishment = true,
                // As many as get their permit within the longest wait; the next one is told at once.
                QueueLimit = (int)(requests * LongestWait.TotalMinutes),
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }
    }

    /// <returns>A permit for one call; to be disposed when the call has ended.</returns>
    /// <exception cref="FailureException">quota_exhausted, with <see cref="FailureException.IsLocalWait"/>.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var slot = await TakeSlotAsync(cancellationToken);
        if (perMinute is null)
        {
            return slot;
        }

        try
        {
            using var permit = await perMinute.AcquireAsync(1, cancellationToken);
            return permit.IsAcquired ? slot : throw SentBack(
                permit.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : LongestWait);
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        inTheAir?.Dispose();
        perMinute?.Dispose();
    }

    private async ValueTask<IDisposable> TakeSlotAsync(CancellationToken cancellationToken)
    {
        if (inTheAir is null)
        {
            return NoLimit.Instance;
        }

        var free = inTheAir.AttemptAcquire();
        if (free.IsAcquired)
        {
            return free;
        }

        using var patience = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await inTheAir.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var queued = inTheAir.GetStatistics()?.CurrentQueuedCount ?? 0;
            throw SentBack(UsualCall * Math.Clamp((double)queued / concurrent, 1, 8));
        }
    }

    private static FailureException SentBack(TimeSpan retryAfter) => new(
        FailureKind.QuotaExhausted,
        "The service holds the call back to keep within the model's quota. It is made later.",
        isTransient: true,
        retryAfter)
    { IsLocalWait = true };

    private sealed class NoLimit : IDisposable
    {
        public static readonly NoLimit Instance = new();

        public void Dispose()
        {
        }
    }
}
