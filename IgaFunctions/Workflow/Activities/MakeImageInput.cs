using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>Which task's image is made.</summary>
/// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
public sealed record MakeImageInput(ImageTask Task, DateTime StartedAt);
