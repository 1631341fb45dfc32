using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Iga.Faults;

/// <summary>
/// How every call to a dependency is made: up to two short retries, a circuit breaker, a timeout an attempt, a measurement
/// an attempt. What lasts longer than that is left to the workflow, which can wait without holding anything.
/// </summary>
internal sealed class DependencyPipeline
{
    internal const int MaxRetries = 2;

    internal static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(15);

    private readonly Dependency _dependency;
    private readonly IDependencyObserver _observer;
    private readonly TimeProvider _time;
    private readonly TimeSpan _attemptTimeout;
    private readonly ResiliencePipeline _retry;
    private readonly ResiliencePipeline _breaker;
    private readonly ResiliencePipeline _timeout;
    private long _closedAgainAtTicks;

    /// <param name="retryTimeouts">
    /// Whether an attempt that timed out is repeated here. Not where the other side is paid for an attempt that it may
    /// have completed.
    /// </param>
    public DependencyPipeline(
        Dependency dependency, TimeSpan attemptTimeout, bool retryTimeouts, IDependencyObserver observer, TimeProvider time)
    {
        (_dependency, _attemptTimeout, _observer, _time) = (dependency, attemptTimeout, observer, time);
        _retry = Builder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = LongestRetryDelay,
            ShouldHandle = args => ValueTask.FromResult(IsWorthAShortRetry(args.Outcome.Exception, retryTimeouts)),
            DelayGenerator = args => ValueTask.FromResult(
                args.Outcome.Exception is FailureException { RetryAfter: { } asked } && asked > TimeSpan.Zero
                    ? asked : (TimeSpan?)null),
        }).Build();
        _breaker = Builder().AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(30),
            BreakDuration = BreakDuration,
            // A quota that is used up (429) is not a service that is down.
            ShouldHandle = args => ValueTask.FromResult(
                args.Outcome.Exception is FailureException failure && failure.Kind == dependency.UnavailableKind),
            OnOpened = args =>
            {
                Volatile.Write(ref _closedAgainAtTicks, (time.GetUtcNow() + args.BreakDuration).UtcTicks);
                return default;
            },
        }).Build();
        _timeout = Builder().AddTimeout(attemptTimeout).Build();

        ResiliencePipelineBuilder Builder() => new() { TimeProvider = time };
    }

    /// <param name="attempt">
    /// One call. Throws <see cref="FailureException"/> for what the dependency answered; a
    /// <see cref="HttpRequestException"/> is taken for no answer.
    /// </param>
    /// <param name="admit">
    /// Asked before every attempt for a permit, which is held for as long as the attempt lasts; throws a
    /// <see cref="FailureException"/> with <see cref="FailureException.IsLocalWait"/> when there is none. Outside the
    /// attempt's timeout.
    /// </param>
    /// <param name="isMeasured">Whether the observer is told.</param>
    /// <param name="modelId">What the observer is told of the model, where the dependency is one.</param>
    /// <exception cref="FailureException">The last attempt's failure, or that the circuit is open.</exception>
    public async Task<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> attempt,
        CancellationToken cancellationToken,
        Func<CancellationToken, ValueTask<IDisposable>>? admit = null,
        bool isMeasured = true,
        string? modelId = null)
    {
        FailureException? last = null;
        try
        {
            return await _retry.ExecuteAsync(
                async token =>
                {
                    // Before a permit is taken: an open circuit must not use up the quota.
                    ThrowWhileOpen();
                    using var permit = admit is null ? null : await AdmitAsync(admit, last, token);
                    try
                    {
                        return await _breaker.ExecuteAsync(inner => AttemptAsync(attempt, isMeasured, modelId, inner), token);
                    }
                    catch (FailureException failure)
                    {
                        last = failure;
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (BrokenCircuitException open)
        {
            throw Open(open.RetryAfter, open);
        }
    }

    // A retry that gets no permit ends with the failure that it was to make good. Were it reported as a mere wait, a
    // dependency that is down behind a small quota would never use up a task's retry budget.
    private static async ValueTask<IDisposable> AdmitAsync(
        Func<CancellationToken, ValueTask<IDisposable>> admit, FailureException? last, CancellationToken cancellationToken)
    {
        try
        {
            return await admit(cancellationToken);
        }
        catch (FailureException wait) when (wait.IsLocalWait && last is not null)
        {
            throw new FailureException(last.Fault with { IsTransient = true, RetryAfter = wait.RetryAfter }, last);
        }
    }

    private async ValueTask<T> AttemptAsync<T>(
        Func<CancellationToken, ValueTask<T>> attempt, bool isMeasured, string? modelId, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var isBegun = true;
        try
        {
            var result = await _timeout.ExecuteAsync(RunAsync, cancellationToken);
            Report(null);
            return result;
        }
        catch (FailureException failure)
        {
            Report(failure.Kind);
            throw;
        }
        catch (Exception fault) when (fault is TimeoutRejectedException or HttpRequestException)
        {
            Report(_dependency.UnavailableKind);
            throw Unavailable(fault);
        }
        catch (OperationCanceledException) when (isMeasured && isBegun && cancellationToken.IsCancellationRequested)
        {
            _observer.CallCut(_dependency.Name, _time.GetElapsedTime(started), modelId);
            throw;
        }

        async ValueTask<T> RunAsync(CancellationToken token)
        {
            try
            {
                return await attempt(token);
            }
            catch (CallNotBegunException)
            {
                // Polly puts an exception of its own in the place of this one.
                isBegun = false;
                throw;
            }
        }

        void Report(string? kind)
        {
            if (isMeasured)
            {
                _observer.CallEnded(_dependency.Name, _time.GetElapsedTime(started), kind, modelId);
            }
        }
    }

    private FailureException Unavailable(Exception fault) => new(
        _dependency.UnavailableKind,
        fault is HttpRequestException broken
            ? $"{_dependency.Subject} could not be reached, or the connection broke off ({broken.HttpRequestError}). Try again later."
            : $"{_dependency.Subject} did not answer within {_attemptTimeout.TotalSeconds:0} seconds. Try again later.",
        isTransient: true,
        innerException: fault);

    private void ThrowWhileOpen()
    {
        var left = TimeSpan.FromTicks(Volatile.Read(ref _closedAgainAtTicks) - _time.GetUtcNow().UtcTicks);
        if (left > TimeSpan.Zero)
        {
            throw Open(left, null);
        }
    }

    private FailureException Open(TimeSpan? left, Exception? cause) => new(
        _dependency.UnavailableKind,
        $"{_dependency.Subject} has failed repeatedly and is given a short rest. Try again later.",
        isTransient: true,
        retryAfter: left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1),
        cause ?? new BrokenCircuitException());

    private static bool IsWorthAShortRetry(Exception? fault, bool retryTimeouts) =>
        fault is FailureException { IsTransient: true, IsLocalWait: false } failure
        && (failure.RetryAfter is null || failure.RetryAfter <= LongestRetryDelay)
        && failure.InnerException is not (BrokenCircuitException or FailureException)
        && (retryTimeouts || failure.InnerException is not TimeoutRejectedException);
}
