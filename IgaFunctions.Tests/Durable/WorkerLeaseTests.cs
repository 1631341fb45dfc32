using Iga.LocalHost.Durable.Worker;

namespace Iga.Tests.Durable;

/// <summary>What can't be undone begins only under a lease that is certain, and is the caller's own.</summary>
public sealed class WorkerLeaseTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);

    private readonly WorkerLease _lease = new();
    private readonly Guid _token = Guid.NewGuid();

    [Fact]
    public async Task Who_acts_under_a_lease_that_was_just_renewed_may_begin()
    {
        Hold(_token);
        _lease.ActUnder(_token);

        await _lease.UntilCertainAsync(default);
    }

    [Fact]
    public async Task Who_acts_under_a_lease_that_may_have_run_out_waits_until_it_is_renewed()
    {
        _lease.Current = _token;
        _lease.Renewed(Environment.TickCount64 - (long)Long.TotalMilliseconds, Long);
        _lease.ActUnder(_token);

        var waiting = _lease.UntilCertainAsync(default);
        Assert.False(waiting.IsCompleted);

        Hold(_token);
        await waiting;
    }

    [Fact]
    public async Task Who_was_taken_over_never_begins_though_the_process_has_another_lease_by_now()
    {
        _lease.ActUnder(_token);
        Hold(Guid.NewGuid());
        using var abandoned = new CancellationTokenSource();

        var waiting = _lease.UntilCertainAsync(abandoned.Token);
        Assert.False(waiting.IsCompleted);

        await abandoned.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private void Hold(Guid token)
    {
        _lease.Current = token;
        _lease.Renewed(Environment.TickCount64, Long);
    }
}
