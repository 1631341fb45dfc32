using Iga.Faults;
using Iga.Tasks;
using Iga.Workflow;
using Iga.Workflow.Activities;
using GenerateImageActivity = Iga.Workflow.Activities.GenerateImage;

namespace Iga.Tests.Workflow;

/// <summary>The order of the steps and what each of their answers leads to.</summary>
public sealed class ImageWorkflowTests : ScriptedWorkflow
{
    [Fact]
    public async Task A_task_that_meets_no_fault_is_one_step()
    {
        (var outcome, var context) = await RunAsync();

        Assert.Equal(new ImageResult("gs://b/o.png", "p", "vertex-ai-gemini-3.1-flash-image"), outcome.Image);
        Assert.Equal(["make_image"], context.Log);
    }

    [Fact]
    public async Task A_key_in_other_hands_ends_in_the_conflict()
    {
        Answer(GenerateImageActivity.Name, new GenerateImageResult(IsNotOwned: true));
        Answer(ConfirmOwnership.Name, new OwnershipResult(false));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(ConflictResult.For("key"), outcome.Conflict);
        Assert.Equal(["make_image", "confirm_ownership"], context.Log);
    }

    [Fact]
    public async Task A_key_that_is_completed_already_ends_in_its_result()
    {
        var earlier = new ImageResult("gs://b/earlier.png", "p", "vertex-ai-x");
        Answer(GenerateImageActivity.Name, new GenerateImageResult(IsNotOwned: true));
        Answer(ConfirmOwnership.Name, new OwnershipResult(false, earlier));

        Assert.Equal(earlier, (await RunAsync()).Outcome.Image);
    }

    [Fact]
    public async Task A_permanent_fault_fails_the_task_at_once_with_its_kind()
    {
        Answer(GenerateImageActivity.Name, new GenerateImageResult(Fault: new StepFault(FailureKind.PromptBlocked, "no", false)));

        (var outcome, var context) = await RunAsync();

        Assert.Equal(new TaskError("prompt_blocked", "no"), outcome.Error);
        Assert.Equal(["make_image", "fail_task"], context.Log);
    }

    [Fact]
    public async Task A_staged_picture_that_is_gone_is_made_again_once()
    {
        Answer(UploadImage.Name, new UploadImageResult(IsGone: true), new UploadImageResult("gs://b/o.png"));
        (var outcome, var context) = await RunAsync();
        Assert.NotNull(outcome.Image);
        Assert.Equal(2, context.Log.Count(step => step == MakeImage.Name));

        AnswerAlways(UploadImage.Name, new UploadImageResult(IsGone: true));
        (outcome, context) = await RunAsync();
        Assert.Equal("task_failed", outcome.Error!.Type);
        Assert.Equal(2, context.Log.Count(step => step == MakeImage.Name));
    }

    [Fact]
    public async Task A_failed_upload_tells_the_last_step_which_object_may_be_left()
    {
        Answer(UploadImage.Name, new UploadImageResult(Fault: new StepFault(FailureKind.StorageDenied, "no", false)));

        (var outcome, _) = await RunAsync();

        Assert.Equal("storage_denied", outcome.Error!.Type);
        Assert.Equal(Staged, Inputs.OfType<FailTaskInput>().Last().Uploaded);
    }

    [Theory]
    [InlineData(UploadImage.Name)]
    [InlineData(CompleteTask.Name)]
    [InlineData(FailTask.Name)]
    public async Task A_key_lost_at_a_later_step_ends_in_the_conflict(string step)
    {
        Answer(UploadImage.Name, step switch
        {
            UploadImage.Name => new UploadImageResult(IsLost: true),
            FailTask.Name => new UploadImageResult(Fault: new StepFault(FailureKind.StorageDenied, "no", false)),
            _ => new UploadImageResult("gs://b/o.png"),
        });
        AnswerAlways(CompleteTask.Name, false);
        AnswerAlways(FailTask.Name, false);

        Assert.NotNull((await RunAsync()).Outcome.Conflict);
    }
}
