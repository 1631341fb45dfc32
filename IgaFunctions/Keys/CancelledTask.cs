using Iga.Faults;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>A task that was cancelled. It writes nothing to the table any more.</summary>
/// <param name="Left">What it had staged, and may have stored: its object is to be taken back before it ends. Null where it stored none.</param>
/// <param name="HasEnded">Whether it reads as cancelled and its key is free; until then it keeps its key.</param>
public sealed record CancelledTask(ImageTask Task, StagedImage? Left, bool HasEnded)
{
    /// <summary>What callers read of it.</summary>
    public static TaskError Error { get; } = new(
        FailureKind.TaskRevoked, "The task was cancelled; send the request again for a new task.");
}
