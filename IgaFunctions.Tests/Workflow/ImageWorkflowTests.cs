using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>The order of the steps and what each of their answers leads to.</summary>
public sealed class ImageWorkflowTests : ScriptedWorkflow
{
    private static readonly Fault Denied = new(FailureKind.StorageDenied, "no");

    [Fact]
    public async Task A_task_that_meets_no_fault_is_one_step()
    {
        (var outcome, var context) = await RunAsync();

        Assert.Equal(new ImageResult(Url, PromptUsed: null, "vertex-ai-gemini-3.1-flash-image"), outcome.Image);
        Assert.Equal(["make_image"], context.Log);
    }

    [Fact]
    public async Task A_key_in_other_hands_ends_in_the_conflict()
    {
        Answer(MakeImage.Name, new Progress.NotOwned());
        Answer(ConfirmOrGiveUp.Name, new Ownership.Lost());

        (var outcome, var context) = await RunAsync();

        Assert.Equal(ConflictResult.For("key"), outcome.Conflict);
        Assert.Equal(["make_image", "confirm_or_give_up"], context.Log);
    }

    [Fact]
    public async Task A_key_that_is_completed_already_ends_in_its_result()
    {
        var earlier = new ImageResult("gs://b/earlier.png", "p", "vertex-ai-x");
        Answer(MakeImage.Name, new Progress.NotOwned());
        Answer(ConfirmOrGiveUp.Name, new Ownership.Completed(earlier));

        // Without the prompt, which the row has.
        Assert.Equal(earlier with { PromptUsed = null }, (await RunAsync()).Outcome.Image);
    }

    [Fact]
    public async Task A_permanent_fault_fails_the_task_at_once_with_its_kind()
    {
        Answer(MakeImage.Name, new Progress.NotMade(new Fault(FailureKind.PromptBlocked, "no")));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(new TaskError("prompt_blocked", "no"), outcome.Error);
        Assert.Equal(["make_image", "fail_task"], context.Log);
    }

    [Fact]
    public async Task A_staged_picture_that_is_gone_is_made_again_once()
    {
        Answer(MakeImage.Name, new Progress.StagedGone(Image), new Progress.Completed(Url));
        (var outcome, var context) = await RunAsync();
        Assert.NotNull(outcome.Image);
        Assert.Equal(2, context.Log.Count(step => step == MakeImage.Name));

        AnswerAlways(MakeImage.Name, new Progress.StagedGone(Image));
        (outcome, context) = await RunAsync();
        Assert.Equal("task_failed", outcome.Error!.Type);
        Assert.Equal(2, context.Log.Count(step => step == MakeImage.Name));
    }

    [Fact]
    public async Task A_step_that_does_not_get_as_far_as_the_upload_leaves_it_to_the_next()
    {
        Answer(MakeImage.Name, new Progress.Staged(Image));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(Url, outcome.Image!.ImageUrl);
        Assert.Equal(["make_image", "upload_image", "complete_task"], context.Log);
    }

    [Fact]
    public async Task A_failed_upload_tells_the_last_step_which_object_may_be_left()
    {
        Answer(MakeImage.Name, new Progress.Staged(Image, Denied));

        (var outcome, _) = await RunAsync();

        Assert.Equal("storage_denied", outcome.Error!.Type);
        Assert.Equal(Image, Inputs.OfType<FailTask.Input>().Last().Uploaded);
    }

    [Fact]
    public async Task A_picture_that_can_not_be_made_again_leaves_the_object_of_the_first_to_reckon_with()
    {
        Answer(MakeImage.Name, new Progress.StagedGone(Image), new Progress.NotMade(new Fault(FailureKind.PromptBlocked, "no")));

        Assert.Equal("prompt_blocked", (await RunAsync()).Outcome.Error!.Type);
        Assert.Equal(Image, Inputs.OfType<FailTask.Input>().Last().Uploaded);
    }

    [Theory]
    [InlineData(MakeImage.Name)]
    [InlineData(UploadImage.Name)]
    [InlineData(CompleteTask.Name)]
    [InlineData(FailTask.Name)]
    public async Task A_key_lost_at_any_step_ends_in_the_conflict(string step)
    {
        Answer(MakeImage.Name, step switch
        {
            MakeImage.Name => new Progress.GivenUp(),
            UploadImage.Name => new Progress.Staged(Image),
            FailTask.Name => new Progress.Staged(Image, Denied),
            _ => new Progress.Stored(Url, Image),
        });
        Answer(UploadImage.Name, new Progress.GivenUp());
        AnswerAlways(CompleteTask.Name, false);
        AnswerAlways(FailTask.Name, false);

        var (outcome, context) = await RunAsync();

        Assert.NotNull(outcome.Conflict);
        Assert.Equal(step, context.Log[^1]);
    }
}
