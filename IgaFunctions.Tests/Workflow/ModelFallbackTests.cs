using Iga.Faults;
using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>When another model steps in, and when the first one has its turn again.</summary>
public sealed class ModelFallbackTests : ScriptedWorkflow
{
    private const string First = "gemini-3.1-flash-image";

    private static readonly Fault Quota = new(FailureKind.QuotaExhausted, "quota", IsTransient: true);
    private static readonly Fault Away = new(FailureKind.ModelUnavailable, "away", IsTransient: true);
    private static readonly Fault Gone = new(FailureKind.ModelNotFound, "gone");

    [Fact]
    public async Task A_model_is_tried_twice_before_the_next_one()
    {
        Answer(MakeImage.Name, Of(Quota, First), Of(Quota, First), new Progress.Completed(Url, "b"));

        var (outcome, _) = await RunAsync();

        Assert.Equal("vertex-ai-b", outcome.Image!.ModelVersion);
        Assert.Equal(["", "", First], Unavailable());
    }

    [Fact]
    public async Task A_model_that_asks_for_a_long_wait_is_not_waited_for()
    {
        Answer(MakeImage.Name, Of(Quota with { RetryAfter = TimeSpan.FromSeconds(60) }, First), new Progress.Completed(Url, "b"));

        var (_, context) = await RunAsync();

        Assert.Equal(TimeSpan.Zero, context.Waited);
        Assert.Equal(["", First], Unavailable());
    }

    [Fact]
    public async Task A_model_that_is_gone_is_left_at_once_and_for_good()
    {
        Answer(MakeImage.Name, Of(Gone, First), Of(Quota, "b", hasFallback: false), new Progress.Completed(Url, "b"));

        var (_, context) = await RunAsync();

        Assert.InRange(context.Waited, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        Assert.Equal(["", First, First], Unavailable());
    }

    [Fact]
    public async Task When_all_were_asked_the_first_has_its_turn_again_after_the_wait()
    {
        Answer(
            MakeImage.Name, Of(Quota, First), Of(Quota, First), Of(Quota, "b", hasFallback: false), new Progress.Completed(Url));

        var (outcome, context) = await RunAsync();

        Assert.Equal($"vertex-ai-{First}", outcome.Image!.ModelVersion);
        Assert.True(context.Waited > TimeSpan.FromSeconds(4));
        Assert.Equal(["", "", First, ""], Unavailable());
    }

    [Theory]
    [InlineData(FailureKind.ModelNotFound)]
    [InlineData(FailureKind.ModelRejectedRequest)]
    public async Task A_model_that_only_stepped_in_and_can_not_be_had_leaves_the_task_to_the_first_ones_fault(string kind)
    {
        Answer(
            MakeImage.Name, Of(Quota, First), Of(Quota, First), Of(new Fault(kind, "no"), "b", hasFallback: false),
            Of(Quota, First, hasFallback: false), new Progress.Completed(Url));

        var (outcome, _) = await RunAsync();

        Assert.NotNull(outcome.Image);
        Assert.Equal(["", "", First, "b", "b"], Unavailable());
    }

    [Fact]
    public async Task Models_that_stay_out_of_quota_end_the_task_in_its_budget()
    {
        AnswerAlways(MakeImage.Name, Of(Quota, First, hasFallback: false));

        var (outcome, context) = await RunAsync();

        Assert.Equal("quota_exhausted", outcome.Error!.Type);
        Assert.InRange(context.Waited, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(200));
    }

    [Fact]
    public async Task The_services_own_limits_are_no_reason_for_another_model()
    {
        Answer(MakeImage.Name, [.. Enumerable.Repeat<object?>(Of(Quota with { IsLocalWait = true }, First), 10), new Progress.Completed(Url)]);

        await RunAsync();

        Assert.All(Unavailable(), list => Assert.Empty(list));
    }

    [Fact]
    public async Task A_model_that_was_waited_for_long_enough_is_not_asked_again()
    {
        Answer(MakeImage.Name, After(20, Of(Away, First)), new Progress.Completed(Url, "b"));

        var (_, context) = await RunAsync();

        Assert.Equal(TimeSpan.Zero, context.Waited);
        Assert.Equal(["", First], Unavailable());
    }

    [Fact]
    public async Task No_other_model_steps_in_once_the_tasks_time_is_up()
    {
        Answer(MakeImage.Name, After(120, Of(Away, First)), After(120, Of(Away, "b")), new Progress.Completed(Url, "c"));

        var (outcome, context) = await RunAsync();

        Assert.Equal("model_unavailable", outcome.Error!.Type);
        Assert.Equal(TimeSpan.Zero, context.Waited);
        Assert.Equal(["", First], Unavailable());
    }

    [Fact]
    public async Task A_model_that_was_out_of_reach_and_then_is_gone_ends_the_task_at_once()
    {
        Answer(MakeImage.Name, Of(Away, First, hasFallback: false), Of(Gone, First, hasFallback: false));

        var (outcome, _) = await RunAsync();

        Assert.Equal("model_not_found", outcome.Error!.Type);
        Assert.Equal(["", ""], Unavailable());
    }

    private static ScriptedContext.Slow After(int seconds, Progress answer) => new(TimeSpan.FromSeconds(seconds), answer);

    private static Progress.NotMade Of(Fault fault, string model, bool hasFallback = true) => new(fault, model, hasFallback);

    private IEnumerable<string> Unavailable() =>
        Inputs.OfType<MakeImage.Input>().Select(input => string.Join(',', input.Unavailable ?? []));
}
