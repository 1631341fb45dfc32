using Iga.Staging;
using Iga.Tasks;
using Iga.Workflow;
using Iga.Workflow.Activities;
using GenerateImageActivity = Iga.Workflow.Activities.GenerateImage;

namespace Iga.Tests.Workflow;

/// <summary>The workflow with activities that answer what the test says; where it says nothing, all goes well.</summary>
public abstract class ScriptedWorkflow
{
    private static readonly ImageTask Task = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 20);

    private readonly Dictionary<string, Queue<object?>> _answers = [];

    private protected static StagedImage Staged { get; } = new(3, "image/png", "png", "AAAAAA==");

    /// <summary>What the activities were called with, in order.</summary>
    private protected List<object?> Inputs { get; } = [];

    /// <summary>What an activity answers when all goes well.</summary>
    internal static object Success(string name) => name switch
    {
        ConfirmOwnership.Name => new OwnershipResult(true),
        GenerateImageActivity.Name => new GenerateImageResult(Staged),
        UploadImage.Name => new UploadImageResult("gs://b/o.png"),
        _ => true,
    };

    /// <summary>The step that does as much as meets no fault.</summary>
    /// <param name="answerOf">What each of the steps in it answers or throws.</param>
    internal static object AllAtOnce(Func<string, object?> answerOf)
    {
        var made = answerOf(GenerateImageActivity.Name);
        if (made is not GenerateImageResult { Image: not null } image)
        {
            return made is GenerateImageResult other ? new MakeImageResult(other) : made!;
        }

        var stored = answerOf(UploadImage.Name) as UploadImageResult;
        return new MakeImageResult(image, stored, stored?.Url is null ? null : answerOf(CompleteTask.Name) as bool?);
    }

    private protected async Task<(TaskOutcome Outcome, ScriptedContext Context)> RunAsync()
    {
        var context = new ScriptedContext(Task, (name, input) =>
        {
            Inputs.Add(input);
            return AnswerOf(name);
        });
        return (await ImageWorkflow.RunAsync(context), context);
    }

    private object? AnswerOf(string name) => _answers.GetValueOrDefault(name) is { Count: > 0 } answers
        ? answers.Count > 1 ? answers.Dequeue() : answers.Peek()
        : name == MakeImage.Name ? AllAtOnce(AnswerOf) : Success(name);

    /// <summary>The last answer stays.</summary>
    private protected void Answer(string name, params object?[] answers) => _answers[name] = new Queue<object?>(answers);

    private protected void AnswerAlways(string name, object? answer) => Answer(name, answer);
}
