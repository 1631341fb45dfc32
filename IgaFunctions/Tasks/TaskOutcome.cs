namespace Iga.Tasks;

/// <summary>How a task ended, the orchestration's output. Exactly one of the three is set.</summary>
public sealed record TaskOutcome(ImageResult? Image = null, ConflictResult? Conflict = null, TaskError? Error = null);
