using Polly.Timeout;

namespace Iga.Faults;

/// <summary>
/// Holds calls back from a dependency that fails most of them. After a break one call goes out as a trial. While trials succeed,
/// more and more calls may be under way at once, until all may; each that fails halves their number, and a single one that fails
/// begins the next, longer break. A trial that has not failed after seconds lets more through as well: a picture takes up to minutes,
/// and those that wait for it have no more.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider time)
{
    internal const int MinimumFailures = 10;

    internal static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan LongestBreak = TimeSpan.FromSeconds(15);

    private const int MostTrialsAtOnce = 32;

    // After so long a call counts half. A few tasks that meet faults again and again, with the pauses of RetryRules, never come
    // to the minimum, so they can't hold back the others.
    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan UntilNextTrial = TimeSpan.FromSeconds(1);

    // Overload and the like are told sooner than this.
    private static readonly TimeSpan NoFailureSoFar = TimeSpan.FromSeconds(5);

    // An outage so long ago, after which nothing was called, says nothing any more.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private double _calls;
    private double _failures;
    private DateTimeOffset _countedAt;

    // Null: closed. Else so many trials may be under way at once, none of them before the break is over.
    private int? _trials;
    private int _underWay;
    private TimeSpan _break = FirstBreak;
    private DateTimeOffset _breakEnds;
    private DateTimeOffset _nextTrial;

    /// <summary>When a call last failed; decides which of many breakers is given up.</summary>
    public DateTimeOffset LastFailedAt { get; private set; }

    /// <summary>What a call last failed with: the reason that a call that is held back tells.</summary>
    public FailureException? LastFailure { get; private set; }

    /// <returns>Null when a call would be let through, else how long to wait.</returns>
    public TimeSpan? WaitTime()
    {
        lock (_gate)
        {
            return WaitTime(time.GetUtcNow());
        }
    }

    /// <param name="wait">How long to wait where the call is held back.</param>
    /// <returns>The call, to be ended in one of its three ways; null when it is held back.</returns>
    public Call? Enter(out TimeSpan wait)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            wait = WaitTime(now) ?? TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                return null;
            }

            if (_trials is null)
            {
                return new Call(this, IsTrial: false);
            }

            // What failed by its silence is not well because nothing was heard of it so far: one more is let through, now and then.
            var wasSilent = LastFailure?.InnerException is TimeoutRejectedException;
            if (_underWay >= _trials && !wasSilent)
            {
                _trials *= 2;
            }

            _nextTrial = now + (wasSilent ? LongestBreak : NoFailureSoFar);
            _underWay++;
            return new Call(this, IsTrial: true);
        }
    }

    private TimeSpan? WaitTime(DateTimeOffset now)
    {
        if (_trials is not null && _underWay == 0 && now - LastFailedAt > Stale)
        {
            Close();
        }

        return _trials is not { } most ? null
            : now < _breakEnds ? Max(_breakEnds - now, UntilNextTrial)
            : _underWay < most || now >= _nextTrial ? null
            : UntilNextTrial;
    }

    private void Succeeded(bool isTrial)
    {
        lock (_gate)
        {
            Left(isTrial);
            Count(failures: 0);
            if (isTrial && _trials is { } most && time.GetUtcNow() >= _breakEnds)
            {
                _trials = most * 2;
                if (most >= MostTrialsAtOnce)
                {
                    Close();
                }
            }
        }
    }

    private void Failed(bool isTrial, FailureException failure, bool isRepeat)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            (LastFailure, LastFailedAt) = (failure, now);
            Left(isTrial);
            if (_trials is null)
            {
                // One call counts once, however often it is repeated.
                Count(isRepeat ? 0 : 1, isRepeat ? 0 : 1);
                if (_failures >= MinimumFailures && _failures >= _calls / 2)
                {
                    Break(now);
                }
            }
            else if (isTrial && now >= _breakEnds)
            {
                if (_trials > 1)
                {
                    _trials /= 2;
                }
                else
                {
                    _break = Min(_break * 2, LongestBreak);
                    Break(now);
                }
            }
        }
    }

    private void Close() => (_trials, _calls, _failures, _break) = (null, 0, 0, FirstBreak);

    private void Break(DateTimeOffset now) => (_trials, _breakEnds) = (1, now + _break);

    private void Left(bool isTrial) => _underWay -= isTrial ? 1 : 0;

    private void Count(double failures, double calls = 1)
    {
        var now = time.GetUtcNow();
        var weight = Math.Pow(0.5, (now - _countedAt) / HalfLife);
        (_calls, _failures, _countedAt) = ((_calls * weight) + calls, (_failures * weight) + failures, now);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>A call that was let through. Ends once.</summary>
    internal sealed record Call(CircuitBreaker Breaker, bool IsTrial)
    {
        public void Succeeded() => Breaker.Succeeded(IsTrial);

        /// <param name="isRepeat">Whether the same call has failed before.</param>
        public void Failed(FailureException failure, bool isRepeat) => Breaker.Failed(IsTrial, failure, isRepeat);

        /// <summary>It ended in a way that says nothing about the dependency.</summary>
        public void Abandoned()
        {
            lock (Breaker._gate)
            {
                Breaker.Left(IsTrial);
            }
        }
    }
}
