using Iga.Staging;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>How a task ends that failed.</summary>
/// <param name="Uploaded">The picture whose upload was tried and may have succeeded unseen, else null.</param>
/// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
/// <param name="MayLeaveObject">The image store has been out of reach for so long that the task ends all the same.</param>
public sealed record FailTaskInput(
    ImageTask Task, TaskError Error, StagedImage? Uploaded, DateTime StartedAt, bool MayLeaveObject = false);
