using Iga.Staging;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>How a task ends that made its image.</summary>
/// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
/// <param name="Uploaded">The picture that the task uploaded, null when it found the object.</param>
public sealed record CompleteTaskInput(
    ImageTask Task, ImageResult Result, DateTime StartedAt, StagedImage? Uploaded = null);
