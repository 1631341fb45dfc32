using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow;
using Iga.Workflow.Activities;

namespace Iga.Tests.Workflow;

/// <summary>The workflow with activities that answer what the test says; where it says nothing, all goes well.</summary>
public abstract class ScriptedWorkflow
{
    internal const string Url = "gs://b/o.png";

    private static readonly ImageTask Task = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 20);

    private readonly Dictionary<string, Queue<object?>> _answers = [];

    internal static StagedImage Image { get; } = new(3, "image/png", "png", "AAAAAA==");

    /// <summary>What the activities were called with, in order.</summary>
    private protected List<object?> Inputs { get; } = [];

    /// <summary>What an activity answers when all goes well.</summary>
    internal static object Success(string name) => name switch
    {
        MakeImage.Name => new Progress.Completed(Url),
        UploadImage.Name => new Progress.Stored(Url, Image),
        ConfirmOrGiveUp.Name => new Ownership.Owned(),
        _ => true,
    };

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
        : Success(name);

    /// <summary>The last answer stays.</summary>
    private protected void Answer(string name, params object?[] answers) => _answers[name] = new Queue<object?>(answers);

    private protected void AnswerAlways(string name, object? answer) => Answer(name, answer);
}
