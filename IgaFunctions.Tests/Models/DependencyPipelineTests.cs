using Iga.Faults;

namespace Iga.Tests.Models;

public sealed class DependencyPipelineTests
{
    private readonly TestTime _time = new();
    private readonly RecordingObserver _observer = new();

    [Fact]
    public async Task An_open_circuit_asks_for_no_permit()
    {
        var permits = 0;
        var pipeline = new DependencyPipeline(Dependency.Model, TimeSpan.FromMinutes(1), retryTimeouts: true, _observer, _time);
        for (var i = 0; i < 12; i++)
        {
            await Assert.ThrowsAsync<FailureException>(() => pipeline.CallAsync<int>(
                _ => throw new FailureException(
                    FailureKind.ModelUnavailable, "down", isTransient: true, retryAfter: TimeSpan.FromMinutes(1)),
                CancellationToken.None,
                _ =>
                {
                    permits++;
                    return ValueTask.FromResult<IDisposable>(Stream.Null);
                }));
        }

        Assert.Equal((10, 10), (permits, _observer.Calls.Count));
    }

    [Fact]
    public async Task After_the_break_one_attempt_goes_out_to_see_whether_the_dependency_is_back()
    {
        var attempts = 0;
        var pipeline = new DependencyPipeline(Dependency.Model, TimeSpan.FromMinutes(1), retryTimeouts: true, _observer, _time);
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(Down);
        }

        _time.Advance(CircuitBreaker.FirstBreak);
        var release = new TaskCompletionSource();
        var probe = pipeline.CallAsync(
            async _ =>
            {
                await release.Task;
                return 1;
            },
            CancellationToken.None);
        var other = await FailAsync(Down);

        Assert.Equal(10, attempts);
        Assert.True(other is { IsTransient: true, Kind: FailureKind.ModelUnavailable });
        release.SetResult();
        Assert.Equal(1, await probe);

        ValueTask<int> Down(CancellationToken token)
        {
            attempts++;
            throw new FailureException(
                FailureKind.ModelUnavailable, "down", isTransient: true, retryAfter: TimeSpan.FromMinutes(1));
        }

        Task<FailureException> FailAsync(Func<CancellationToken, ValueTask<int>> attempt) =>
            Assert.ThrowsAsync<FailureException>(() => pipeline.CallAsync(attempt, CancellationToken.None));
    }

    [Fact]
    public async Task A_fault_that_nobody_foresaw_is_passed_on_as_it_is_and_not_repeated()
    {
        var attempts = 0;
        var pipeline = new DependencyPipeline(Dependency.Model, TimeSpan.FromMinutes(1), retryTimeouts: true, _observer, _time);

        await Assert.ThrowsAsync<FormatException>(() => pipeline.CallAsync<int>(
            _ =>
            {
                attempts++;
                throw new FormatException();
            },
            CancellationToken.None));

        Assert.Equal(1, attempts);
    }

    [Theory]
    [InlineData(true, "cut")]
    [InlineData(false, null)]
    public async Task An_attempt_that_its_caller_gives_up_is_told_as_cut_unless_nothing_of_it_was_sent(bool isSent, string? told)
    {
        var pipeline = new DependencyPipeline(Dependency.Model, TimeSpan.FromMinutes(1), retryTimeouts: true, _observer, _time);
        using var caller = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.CallAsync<int>(
            async token =>
            {
                await caller.CancelAsync();
                throw isSent ? new OperationCanceledException(token) : new CallNotBegunException(token);
            },
            caller.Token));

        Assert.Equal(told, _observer.Calls.SingleOrDefault().FailureKind);
    }
}
