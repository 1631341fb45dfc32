using Iga.Tasks;

namespace Iga.Keys;

/// <summary>What the table knows of a task.</summary>
/// <param name="Outcome">How it ended, or null while it is in flight.</param>
public sealed record TaskRecord(Guid TaskId, TaskOutcome? Outcome);
