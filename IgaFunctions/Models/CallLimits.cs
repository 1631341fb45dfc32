using System.Threading.RateLimiting;
using Iga.Faults;

namespace Iga.Models;

/// <summary>
/// Keeps this process within the model's quota: calls in flight at once, and calls a minute, evenly spread. A call that
/// would wait longer than <see cref="LongestWait"/> is sent back, since a waiting task costs less than a waiting call.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    // The limiter's clock is too coarse for shorter periods; faster limits get several permits at a time.
    private const int MaxPeriodsPerMinute = 600;

    private readonly TimeProvider _time;
    private readonly Turns _turns;
    private readonly int _concurrent;
    private readonly ConcurrencyLimiter? _inFlight;
    private readonly TokenBucketRateLimiter? _perMinute;
    private readonly TimeSpan _period;
    private readonly TimeSpan _queueTime;

    // How long a call takes, to tell a call that is sent back when to come again: at first a guess, then measured.
    private double _usualSeconds = 15;

    public CallLimits(VertexOptions options, TimeProvider time)
    {
        _time = time;
        _turns = new(time);
        if (options.MaxConcurrency is { } max)
        {
            _concurrent = max;
            _inFlight = new(new ConcurrencyLimiterOptions
            {
                PermitLimit = max,
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }

        if (options.RequestsPerMinute is { } requests)
        {
            var atOnce = (requests + MaxPeriodsPerMinute - 1) / MaxPeriodsPerMinute;
            // As many as get their permit within the longest wait; the next one is told at once.
            var queue = (int)(requests * LongestWait.TotalMinutes);
            _period = TimeSpan.FromMinutes(1) / requests;
            _queueTime = _period * queue;
            _perMinute = new(new TokenBucketRateLimiterOptions
            {
                TokenLimit = atOnce,
                TokensPerPeriod = atOnce,
                ReplenishmentPeriod = TimeSpan.FromMinutes(1) * atOnce / requests,
                AutoReplenishment = true,
                QueueLimit = queue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            });
        }
    }

    /// <returns>A permit for one call; to be disposed when the call has ended.</returns>
    /// <exception cref="FailureException">quota_exhausted, with <see cref="FailureException.IsLocalWait"/>.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var slot = await TakeSlotAsync(cancellationToken);
        try
        {
            if (_perMinute is not null)
            {
                using var permit = await _perMinute.AcquireAsync(1, cancellationToken);
                if (!permit.IsAcquired)
                {
                    throw SentBack(_queueTime / 2);
                }
            }

            return new Permit(this, slot);
        }
        catch
        {
            slot?.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _inFlight?.Dispose();
        _perMinute?.Dispose();
    }

    private async ValueTask<RateLimitLease?> TakeSlotAsync(CancellationToken cancellationToken)
    {
        if (_inFlight is null)
        {
            return null;
        }

        var free = _inFlight.AttemptAcquire();
        if (free.IsAcquired)
        {
            return free;
        }

        using var timeout = new CancellationTokenSource(LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _inFlight.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw SentBack(TimeSpan.Zero);
        }
    }

    /// <param name="earliest">For so long the calls that wait use up the quota.</param>
    private FailureException SentBack(TimeSpan earliest)
    {
        var each = _inFlight is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Volatile.Read(ref _usualSeconds)) / _concurrent;
        return new(new Fault(
            FailureKind.QuotaExhausted,
            "The service holds the call back to keep within the model's quota. It is made later.",
            IsTransient: true,
            IsLocalWait: true,
            RetryAfter: _turns.Next(earliest, each > _period ? each : _period)));
    }

    // Not atomic: of two calls that end at the same moment one may not count, which an average bears.
    private void Measure(TimeSpan call) =>
        Volatile.Write(ref _usualSeconds, _usualSeconds + ((call.TotalSeconds - _usualSeconds) / 8));

    private sealed class Permit(CallLimits limits, RateLimitLease? slot) : IDisposable
    {
        private readonly long _began = limits._time.GetTimestamp();

        public void Dispose()
        {
            limits.Measure(limits._time.GetElapsedTime(_began));
            slot?.Dispose();
        }
    }
}
