using Iga.Images;

namespace Iga.TaskImage;

/// <summary>Where a task's picture is, as its record says.</summary>
/// <param name="Url"><c>gs://bucket/name</c>.</param>
/// <param name="Recorded">What else the record says of it; null where it says nothing.</param>
public sealed record TaskPicture(Guid TaskId, string Url, StagedImage? Recorded);
