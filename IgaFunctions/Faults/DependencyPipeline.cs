using System.Collections.Concurrent;
using Iga.Tracing;
using Polly;
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

    private readonly Dependency _dependency;
    private readonly IDependencyObserver _observer;
    private readonly TimeProvider _time;
    private readonly TimeSpan _attemptTimeout;
    private readonly ResiliencePipeline _retry;
    private readonly ConcurrentDictionary<TimeSpan, ResiliencePipeline> _timeouts = new();
    private readonly CircuitBreakers _breakers;

    /// <param name="retryTimeouts">
    /// Whether an attempt that timed out is repeated here. Not where the other side is paid for an attempt that it may
    /// have completed.
    /// </param>
    public DependencyPipeline(
        Dependency dependency, TimeSpan attemptTimeout, bool retryTimeouts, IDependencyObserver observer, TimeProvider time)
    {
        (_dependency, _attemptTimeout, _observer, _time) = (dependency, attemptTimeout, observer, time);
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
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
        _breakers = new CircuitBreakers(time);
    }

    /// <param name="attempt">
    /// One call. Throws <see cref="FailureException"/> for what the dependency answered; a
    /// <see cref="HttpRequestException"/> is taken for no answer.
    /// </param>
    /// <param name="admit">
    /// Asked before every attempt for a permit, which is held for as long as the attempt lasts; throws a
    /// <see cref="FailureException"/> with <see cref="FailureException.IsLocalWait"/>, or one that waits for the staging, when there is
    /// none. Outside the attempt's timeout.
    /// </param>
    /// <param name="isMeasured">Whether the observer is told.</param>
    /// <param name="part">
    /// The part of the dependency that is called, such as a model: each has a circuit breaker of its own. The observer is told of it.
    /// </param>
    /// <param name="attemptTimeout">Where this call has another one than the pipeline.</param>
    /// <exception cref="FailureException">
    /// The last attempt's failure. Where the circuit is open and nothing was attempted: the failure that opened it.
    /// </exception>
    public async Task<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> attempt,
        CancellationToken cancellationToken,
        Func<CancellationToken, ValueTask<IDisposable>>? admit = null,
        bool isMeasured = true,
        string? part = null,
        TimeSpan? attemptTimeout = null)
    {
        var breaker = _breakers.Of(part ?? "");
        FailureException? last = null;
        return await _retry.ExecuteAsync(
            async token =>
            {
                // Before a permit is taken: an open circuit must not use up the quota.
                if (breaker.WaitTime() is { } left)
                {
                    throw HeldBack(breaker, last, left);
                }

                using var permit = admit is null ? null : await AdmitAsync(admit, last, token);
                var call = breaker.Enter(out var wait) ?? throw HeldBack(breaker, last, wait);
                try
                {
                    var result = await AttemptAsync(attempt, isMeasured, part, attemptTimeout ?? _attemptTimeout, token);
                    call.Succeeded();
                    return result;
                }
                catch (FailureException failure)
                {
                    // A quota that is used up (429) is not a service that is down.
                    if (failure.Kind == _dependency.UnavailableKind)
                    {
                        call.Failed(failure, isRepeat: last is not null);
                    }
                    else
                    {
                        call.Succeeded();
                    }

                    last = failure;
                    throw;
                }
                catch
                {
                    call.Abandoned();
                    throw;
                }
            },
            cancellationToken);
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
        catch (FailureException wait) when (IsOwnWait(wait) && last is not null)
        {
            throw new FailureException(last.Fault with { IsTransient = true, RetryAfter = wait.RetryAfter }, last);
        }
    }

    private async ValueTask<T> AttemptAsync<T>(
        Func<CancellationToken, ValueTask<T>> attempt, bool isMeasured, string? part, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var isBegun = true;
        using var span = isMeasured ? Spans.Begin(_dependency.Name) : null;
        span?.SetTag(Spans.Model, part);
        try
        {
            var result = await TimeoutOf(timeout).ExecuteAsync(RunAsync, cancellationToken);
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
            throw Unavailable(fault, timeout);
        }
        catch (OperationCanceledException) when (isMeasured && isBegun && cancellationToken.IsCancellationRequested)
        {
            span.End("cut off", "cancelled");
            _observer.CallCut(_dependency.Name, _time.GetElapsedTime(started), part);
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
                span.End(kind is null ? "success" : "failed", kind);
                _observer.CallEnded(_dependency.Name, _time.GetElapsedTime(started), kind, part);
            }
        }
    }

    // As many as there are different timeouts, which are a handful.
    private ResiliencePipeline TimeoutOf(TimeSpan timeout) => _timeouts.GetOrAdd(
        timeout, static (timeout, time) => new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(timeout).Build(), _time);

    private FailureException Unavailable(Exception fault, TimeSpan timeout) => new(
        _dependency.UnavailableKind,
        fault is HttpRequestException broken
            ? $"{_dependency.Subject} could not be reached, or the connection broke off ({broken.HttpRequestError}). Try again later."
            : $"{_dependency.Subject} did not answer within {timeout.TotalSeconds:0} seconds. Try again later.",
        isTransient: true,
        innerException: fault);

    // Tells the real reason, which a caller can do more with than with the fact that the service waits.
    private static FailureException HeldBack(CircuitBreaker breaker, FailureException? last, TimeSpan wait)
    {
        var reason = last ?? breaker.LastFailure!;
        return new(reason.Fault with { IsTransient = true, RetryAfter = wait }, reason);
    }

    /// <summary>The service itself holds the call back; the dependency was not asked.</summary>
    private static bool IsOwnWait(FailureException failure) => failure.IsLocalWait || failure.Fault.WaitsForStaging;

    private static bool IsWorthAShortRetry(Exception? fault, bool retryTimeouts) =>
        fault is FailureException { IsTransient: true } failure
        && !IsOwnWait(failure)
        && (failure.RetryAfter is null || failure.RetryAfter <= LongestRetryDelay)
        && failure.InnerException is not FailureException
        && (retryTimeouts || failure.InnerException is not TimeoutRejectedException);
}
