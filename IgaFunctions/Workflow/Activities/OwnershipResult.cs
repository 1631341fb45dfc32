using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>Whether the task may go on.</summary>
/// <param name="IsOwned">The key is the task's and in flight.</param>
/// <param name="Completed">The key's result, when it has one already.</param>
public sealed record OwnershipResult(bool IsOwned, ImageResult? Completed = null);
