using Iga.GenerateImage;
using Iga.Health;
using Iga.Http;
using Iga.TaskImage;
using Iga.TaskStatus;
using Iga.Workflow;

namespace Iga.Tests.Http;

/// <summary>What the service allows itself, beside what a caller is promised.</summary>
public sealed class PromisedLimitsTests
{
    [Fact]
    public void A_POST_that_can_not_be_accepted_says_so_in_time() =>
        AssertBelow(PromisedLimits.Refusal, TaskAcceptance.StartBudget + TaskAcceptance.UndoBudget);

    [Fact]
    public void A_poll_that_can_not_be_answered_says_so_in_time() => AssertBelow(PromisedLimits.Refusal, TaskStateReader.Budget);

    [Fact]
    public void A_picture_that_the_bucket_does_not_give_is_refused_in_time() => AssertBelow(PromisedLimits.Refusal, TaskImageFunction.Budget);

    [Fact]
    public void A_check_of_the_health_says_no_in_time() => AssertBelow(PromisedLimits.Refusal, BoundedCheck.Limit);

    [Fact]
    public void A_task_that_fails_says_why_while_its_caller_still_polls() =>
        AssertBelow(PromisedLimits.Polling, RetryRules.Budget);

    [Fact]
    public void The_promises_are_those_of_the_contract() =>
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(240)), (PromisedLimits.Refusal, PromisedLimits.Polling));

    // A tenth is kept for what no budget counts: the network, a busy processor.
    private static void AssertBelow(TimeSpan promised, TimeSpan allowed) =>
        Assert.InRange(allowed, TimeSpan.FromSeconds(1), promised * 0.9);
}
