using Iga.Faults;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>A model that turns a prompt into one picture.</summary>
public interface IImageModel
{
    /// <summary>Calls the model once (plus the short retries of its pipeline); the caller disposes the picture.</summary>
    /// <param name="caller">Who it is made for: callers take turns where calls have to wait. Null is a caller of its own.</param>
    /// <param name="makeRoom">
    /// Makes sure of room for the picture. It is asked when it is the call's turn, before the model is; what it gives is disposed when the
    /// call makes no picture, and is the caller's otherwise.
    /// </param>
    /// <exception cref="FailureException">
    /// Kinds prompt_blocked, no_image_returned, model_not_found, model_rejected_request (permanent), quota_exhausted and
    /// model_unavailable (transient); and what <paramref name="makeRoom"/> throws.
    /// </exception>
    Task<GeneratedImage> GenerateAsync(
        ImageRequest request, CancellationToken cancellationToken, string? caller = null,
        Func<CancellationToken, Task<IDisposable>>? makeRoom = null);
}
