using Iga.Staging;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>What is uploaded for which task.</summary>
public sealed record UploadImageInput(ImageTask Task, StagedImage Image);
