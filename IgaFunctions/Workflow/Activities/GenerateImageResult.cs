using Iga.Staging;

namespace Iga.Workflow.Activities;

/// <summary>The staged picture, or why there is none. Exactly one is set.</summary>
/// <param name="StoredUrl">The key's object is there already, made by an earlier task or run.</param>
/// <param name="IsNotOwned">The key is not the task's, or has its result already; nothing was done.</param>
public sealed record GenerateImageResult(
    StagedImage? Image = null, StepFault? Fault = null, string? StoredUrl = null, bool IsNotOwned = false);
