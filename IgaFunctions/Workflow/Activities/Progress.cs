using System.Text.Json.Serialization;
using Iga.Faults;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Workflow.Activities;

/// <summary>How far a task got: what the activities that make and store its picture answer, and the workflow branches on.</summary>
/// <remarks>
/// On Azure the Functions worker writes an answer by the type of the value at hand, so each case has to know its own name, and for
/// that System.Text.Json asks that the cases are not sealed. The name is not written as <c>$type</c>, which the Functions host
/// drops on the way. Properties only: fields are lost there.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator)]
[JsonDerivedType(typeof(Completed), nameof(Completed))]
[JsonDerivedType(typeof(Stored), nameof(Stored))]
[JsonDerivedType(typeof(Staged), nameof(Staged))]
[JsonDerivedType(typeof(StagedGone), nameof(StagedGone))]
[JsonDerivedType(typeof(NotMade), nameof(NotMade))]
[JsonDerivedType(typeof(NotOwned), nameof(NotOwned))]
[JsonDerivedType(typeof(GivenUp), nameof(GivenUp))]
public abstract record Progress
{
    private const string Discriminator = "Case";

    private Progress()
    {
    }

    /// <summary>The picture is stored, and the key's row says so: the task is done.</summary>
    /// <param name="Url"><c>gs://bucket/name</c>.</param>
    /// <param name="ModelId">The model that made it; null is the request's.</param>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Completed), nameof(Completed))]
    public record Completed(string Url, string? ModelId = null) : Progress;

    /// <summary>The picture is stored; the key's row does not say so yet.</summary>
    /// <param name="Url"><c>gs://bucket/name</c>.</param>
    /// <param name="Image">What was uploaded; null where the key's object was there already.</param>
    /// <param name="ModelId">The model that made it; null is the request's.</param>
    /// <param name="UploadSeconds">How long its upload took; null where that is not known.</param>
    /// <param name="Generation">Which version of the object it is; null where that is not known.</param>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Stored), nameof(Stored))]
    public record Stored(string Url, StagedImage? Image = null, string? ModelId = null, double? UploadSeconds = null, long? Generation = null) : Progress;

    /// <summary>The picture is made and staged, and not known to be stored.</summary>
    /// <param name="Fault">What the upload ended in; null where it is still to be tried.</param>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Staged), nameof(Staged))]
    public record Staged(StagedImage Image, Fault? Fault = null) : Progress;

    /// <summary>The staged picture was lost or damaged before it was stored: it has to be made again.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(StagedGone), nameof(StagedGone))]
    public record StagedGone(StagedImage Image) : Progress;

    /// <summary>There is no picture.</summary>
    /// <param name="ModelId">The model that was called; null where none was.</param>
    /// <param name="HasFallback">Another model is left that can make the picture.</param>
    /// <param name="Attempts">The calls of it, each of which failed; null where there was none, or nobody wrote them down.</param>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(NotMade), nameof(NotMade))]
    public record NotMade(
        Fault Fault, string? ModelId = null, bool HasFallback = false, IReadOnlyList<TaskAttempt>? Attempts = null) : Progress;

    /// <summary>The key is not the task's, or has its result already; nothing was done.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(NotOwned), nameof(NotOwned))]
    public record NotOwned : Progress;

    /// <summary>The key was lost to another holder; the task has left a note of the conflict, and nothing else.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(GivenUp), nameof(GivenUp))]
    public record GivenUp : Progress;
}
