using Iga.Tasks;

namespace Iga.Keys;

/// <summary>A task, by what it takes to make it anew.</summary>
/// <param name="Request">Null where it was erased, or never kept.</param>
/// <param name="HasFailed">Whether it ended in an error, and so may be made anew.</param>
public sealed record PastTask(string IdempotencyKey, string? WorkflowId, ImageRequest? Request, bool HasFailed);
