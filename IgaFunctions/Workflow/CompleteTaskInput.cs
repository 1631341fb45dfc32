using Iga.Tasks;

namespace Iga.Workflow;

/// <summary>How a task ends that made its image.</summary>
/// <param name="StartedAt">When the orchestration began, for the measurement of its duration.</param>
public sealed record CompleteTaskInput(ImageTask Task, ImageResult Result, DateTime StartedAt);
