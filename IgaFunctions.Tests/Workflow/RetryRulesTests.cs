using CsCheck;
using Iga.Faults;
using Iga.Workflow;

namespace Iga.Tests.Workflow;

public sealed class RetryRulesTests
{
    private static readonly Fault Transient = new(FailureKind.ModelUnavailable, "", IsTransient: true);

    [Fact]
    public void A_permanent_fault_is_never_tried_again()
    {
        Assert.Null(RetryRules.NextWait(Transient with { IsTransient = false }, 1, TimeSpan.Zero, 0));
    }

    [Fact]
    public void What_the_model_asks_for_is_obeyed()
    {
        var wait = RetryRules.NextWait(Transient with { RetryAfter = TimeSpan.FromSeconds(40.2) }, 1, TimeSpan.Zero, 0);
        Assert.Equal(TimeSpan.FromSeconds(41), wait);
    }

    [Fact]
    public void A_fault_that_asks_for_more_than_the_budget_ends_the_task_at_once()
    {
        Assert.Null(RetryRules.NextWait(Transient with { RetryAfter = TimeSpan.FromMinutes(10) }, 1, TimeSpan.Zero, 0));
    }

    [Fact]
    public void A_fault_that_lasts_ends_within_the_budget()
    {
        Gen.Int.Sample(seed =>
        {
            var elapsed = TimeSpan.Zero;
            for (var tries = 1; RetryRules.NextWait(Transient, tries, elapsed, seed) is { } wait; tries++)
            {
                elapsed += wait;
                Assert.InRange(tries, 1, 20);
            }

            Assert.InRange(elapsed, TimeSpan.FromSeconds(100), RetryRules.Budget);
        });
    }

    [Fact]
    public void A_task_that_the_services_own_limits_hold_back_waits_as_long_as_it_takes()
    {
        Assert.NotNull(RetryRules.NextWait(Transient with { IsLocalWait = true }, 1, TimeSpan.FromHours(2), 0));
    }

    [Fact]
    public void Waits_are_whole_seconds_of_two_or_more_and_differ_between_tasks()
    {
        Gen.Select(Gen.Int, Gen.Int[1, 1000]).Sample((seed, tries) =>
        {
            var wait = RetryRules.Backoff(tries, seed);
            Assert.Equal(0, wait.Ticks % TimeSpan.TicksPerSecond);
            Assert.InRange(wait, RetryRules.MinimumWait, TimeSpan.FromSeconds(38));
        });
        Assert.True(Enumerable.Range(0, 100).Select(seed => RetryRules.Backoff(5, seed * 7919)).Distinct().Count() > 3);
    }
}
