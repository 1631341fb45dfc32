using Iga.Faults;
using Iga.Queues;

namespace Iga.Models;

/// <summary>
/// Keeps this process within the model's quota: calls in flight at once, and calls a minute, evenly spread. Where calls have to wait,
/// callers take turns. A call that would wait longer than <see cref="LongestWait"/> is sent back, since a waiting task costs less than
/// a waiting call.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time;
    private readonly Turns _turns;
    private readonly int? _concurrent;
    private readonly Pace? _pace;
    private readonly ITimer _paced;

    /// <summary>As many as the pace lets through within the longest wait; the next one is told at once.</summary>
    private readonly int _mostWaiting;

    private readonly Lock _gate = new();
    private readonly FairQueue<WaitingCall> _waiting = new();
    private int _inFlight;

    // How long a call takes, to tell a call that is sent back when to come again: at first a guess, then measured.
    private double _usualSeconds = 15;

    public CallLimits(VertexOptions options, TimeProvider time)
    {
        _time = time;
        _turns = new(time);
        _concurrent = options.MaxConcurrency;
        _pace = options.RequestsPerMinute is { } requests ? new(requests, time) : null;
        _mostWaiting = options.RequestsPerMinute is { } perMinute ? (int)(perMinute * LongestWait.TotalMinutes) : int.MaxValue;
        _paced = time.CreateTimer(_ => LetIn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many calls are in flight.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How many wait for their turn.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    private bool HasRoom => _concurrent is not { } most || _inFlight < most;

    /// <param name="caller">Who the call is made for; null is a caller of its own.</param>
    /// <returns>A permit for one call; to be disposed when the call has ended.</returns>
    /// <exception cref="FailureException">quota_exhausted, with <see cref="FailureException.IsLocalWait"/>.</exception>
    public ValueTask<IDisposable> EnterAsync(string? caller, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_waiting.Count == 0 && HasRoom && !(_pace?.Wait > TimeSpan.Zero))
            {
                return ValueTask.FromResult<IDisposable>(Begin());
            }
        }

        return WaitAsync(new WaitingCall(caller ?? ""), cancellationToken);
    }

    public void Dispose() => _paced.Dispose();

    private async ValueTask<IDisposable> WaitAsync(WaitingCall waiting, CancellationToken cancellationToken)
    {
        Join(waiting);
        LetIn();

        // Where only the pace holds calls back, nobody is in the queue who would wait longer.
        using var timeout = new CancellationTokenSource(_concurrent is null ? Timeout.InfiniteTimeSpan : LongestWait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await waiting.Turn.Task.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            bool hasLeft;
            lock (_gate)
            {
                hasLeft = waiting.Leave();
            }

            return !hasLeft ? await waiting.Turn.Task // At this very moment it was let in, or sent back.
                : cancellationToken.IsCancellationRequested ? throw new OperationCanceledException(cancellationToken)
                : throw SentBack(waiting.Caller, TimeSpan.Zero);
        }
    }

    /// <summary>Where the queue is full the newest call of the caller that has most in there makes room.</summary>
    private void Join(WaitingCall waiting)
    {
        lock (_gate)
        {
            if (_waiting.Count >= _mostWaiting)
            {
                // For so long those that wait use up the quota.
                var queue = (_pace?.Period ?? TimeSpan.Zero) * _mostWaiting / 2;
                if (!_waiting.TryMakeRoom(waiting.Caller, out var last))
                {
                    throw SentBack(waiting.Caller, queue);
                }

                last.Turn.TrySetException(SentBack(last.Caller, queue));
            }

            waiting.Leave = _waiting.Add(waiting.Caller, waiting);
        }
    }

    /// <summary>Lets in as many of those that wait as there is room for, and comes again when the pace allows the next.</summary>
    private void LetIn()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0 && HasRoom)
            {
                if (_pace?.Wait is { } wait && wait > TimeSpan.Zero)
                {
                    _paced.Change(wait, Timeout.InfiniteTimeSpan);
                    return;
                }

                if (_waiting.TryTake(out var next))
                {
                    next.Turn.SetResult(Begin());
                }
            }
        }
    }

    /// <summary>To be called under the lock.</summary>
    private Permit Begin()
    {
        _pace?.Take();
        _inFlight++;
        return new Permit(this);
    }

    private void End(TimeSpan took)
    {
        lock (_gate)
        {
            _inFlight--;
            _usualSeconds += (took.TotalSeconds - _usualSeconds) / 8;
        }

        LetIn();
    }

    /// <param name="earliest">For so long the calls that wait use up the quota.</param>
    private FailureException SentBack(string caller, TimeSpan earliest)
    {
        var each = _concurrent is { } most ? TimeSpan.FromSeconds(Volatile.Read(ref _usualSeconds)) / most : TimeSpan.Zero;
        var period = _pace?.Period ?? TimeSpan.Zero;
        return new(new Fault(
            FailureKind.QuotaExhausted,
            "The service holds the call back to keep within the model's quota. It is made later.",
            IsTransient: true,
            IsLocalWait: true,
            RetryAfter: _turns.Next(earliest, each > period ? each : period, caller)));
    }

    private sealed class WaitingCall(string caller)
    {
        public string Caller => caller;

        public TaskCompletionSource<IDisposable> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Takes it out of the queue; false if it is in there no more.</summary>
        public Func<bool> Leave { get; set; } = () => false;
    }

    private sealed class Permit(CallLimits limits) : IDisposable
    {
        private readonly long _began = limits._time.GetTimestamp();
        private int _isEnded;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0)
            {
                limits.End(limits._time.GetElapsedTime(_began));
            }
        }
    }
}
