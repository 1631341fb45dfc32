using Iga.Tasks;

namespace Iga.Workflow;

/// <summary>How a task ends that failed.</summary>
/// <param name="Uploaded">The picture whose upload was tried and may have succeeded unseen, else null.</param>
/// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
public sealed record FailTaskInput(ImageTask Task, TaskError Error, Imaging.Staging.StagedImage? Uploaded, DateTime StartedAt);
