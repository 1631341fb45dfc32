namespace Iga.Tasks;

/// <summary>What is to be written down of a task's course.</summary>
/// <param name="StartedAt">When its work began, UTC.</param>
/// <param name="Attempts">Calls of the model that are not written down yet, the oldest first.</param>
public sealed record TaskRun(DateTime StartedAt, IReadOnlyList<TaskAttempt> Attempts);
