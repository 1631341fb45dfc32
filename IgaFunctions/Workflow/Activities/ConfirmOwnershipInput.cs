using Iga.Staging;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>Whose key is looked at.</summary>
/// <param name="RetryOf">The kind of fault after which the task tries again, null when it does not.</param>
/// <param name="Uploaded">The picture whose upload was tried and may have succeeded unseen, else null.</param>
public sealed record ConfirmOwnershipInput(ImageTask Task, string? RetryOf = null, StagedImage? Uploaded = null);
