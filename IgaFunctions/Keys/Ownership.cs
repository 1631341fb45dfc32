using System.Text.Json.Serialization;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Keys;

/// <summary>What a task finds when it looks whether the key is still its own.</summary>
/// <remarks>
/// An activity answers it. On Azure the Functions worker writes an answer by the type of the value at hand, so each case has to know
/// its own name, and for that System.Text.Json asks that the cases are not sealed. The name is not written as <c>$type</c>, which
/// the Functions host drops on the way.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator)]
[JsonDerivedType(typeof(Owned), nameof(Owned))]
[JsonDerivedType(typeof(Completed), nameof(Completed))]
[JsonDerivedType(typeof(Lost), nameof(Lost))]
public abstract record Ownership
{
    private const string Discriminator = "Case";

    private Ownership()
    {
    }

    /// <summary>The key is this task's and in flight.</summary>
    /// <param name="Staged">What an earlier run of it has staged, and may have stored since.</param>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Owned), nameof(Owned))]
    public record Owned(StagedImage? Staged = null) : Ownership;

    /// <summary>This task, or an earlier holder that had no task id, has completed the key with this result.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Completed), nameof(Completed))]
    public record Completed(ImageResult Result) : Ownership;

    /// <summary>Another holder has the key, the task was cancelled, or the row is gone.</summary>
    [JsonPolymorphic(TypeDiscriminatorPropertyName = Discriminator), JsonDerivedType(typeof(Lost), nameof(Lost))]
    public record Lost : Ownership;
}
