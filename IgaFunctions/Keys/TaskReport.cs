using Iga.Images;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>What the table tells of a task's course.</summary>
/// <param name="Request">What it was asked for; null where that was erased, or never kept.</param>
/// <param name="HasFailed">Whether it ended in an error, and so may be made anew.</param>
/// <param name="StartedAt">When its work began; null where that is not known (yet).</param>
/// <param name="EndedAt">Null while it is in flight.</param>
/// <param name="Image">Its picture, from when it is made; null where it has none.</param>
/// <param name="Attempts">Its calls of the model, the oldest first, at most the last <see cref="TaskAttempt.MostKept"/>.</param>
/// <param name="UploadSeconds">How long its upload took.</param>
public sealed record TaskReport(
    string? IdempotencyKey, string? WorkflowId, string? Caller, ImageRequest? Request, bool HasFailed, DateTimeOffset? CreatedAt,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, StagedImage? Image, IReadOnlyList<TaskAttempt> Attempts, double? UploadSeconds);
