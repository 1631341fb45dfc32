namespace Iga.Workflow.Activities;

/// <summary>How far a task got: what each of its steps answered.</summary>
/// <param name="Stored">Null if no picture was staged, or storing it ended in what nobody foresaw.</param>
/// <param name="IsCompleted">Null if there was nothing to complete, or it could not be written; false if the key was lost.</param>
public sealed record MakeImageResult(GenerateImageResult Made, UploadImageResult? Stored = null, bool? IsCompleted = null);
