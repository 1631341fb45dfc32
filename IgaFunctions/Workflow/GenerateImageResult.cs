using Iga.Imaging.Staging;

namespace Iga.Workflow;

/// <summary>The staged picture, or why there is none. Exactly one is set.</summary>
public sealed record GenerateImageResult(StagedImage? Image = null, StepFault? Fault = null);
