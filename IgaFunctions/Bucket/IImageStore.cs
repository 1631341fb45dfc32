using Iga.Faults;

namespace Iga.Bucket;

/// <summary>The bucket that pictures end up in.</summary>
public interface IImageStore
{
    /// <summary>
    /// Puts the object if no object of that name exists. When one does, that one is the key's image and is adopted: the
    /// task that stored it can't delete it any more.
    /// </summary>
    /// <param name="openContent">Opens the content from its start; called once an attempt.</param>
    /// <exception cref="FailureException">
    /// Kinds storage_denied (permanent) and storage_unavailable (transient).
    /// </exception>
    Task<StoredImage> PutAsync(
        ImageObject image, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken);

    /// <summary>Adopts the first of these objects that exists.</summary>
    /// <returns>Null when none exists.</returns>
    /// <exception cref="FailureException">Kinds storage_denied and storage_unavailable.</exception>
    Task<StoredImage?> AdoptAsync(IReadOnlyList<string> names, Guid taskId, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the object of that name if this task wrote it and no other has adopted it; otherwise, and when there is none,
    /// nothing happens.
    /// </summary>
    /// <exception cref="FailureException">Kinds storage_denied and storage_unavailable.</exception>
    Task DeleteOwnAsync(string name, Guid taskId, CancellationToken cancellationToken);
}
