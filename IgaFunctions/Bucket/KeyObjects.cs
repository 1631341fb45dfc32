using Iga.Faults;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Bucket;

/// <summary>
/// The objects of idempotency keys, one a key: what they are called, and what a task may do with its key's. Everybody who stores,
/// looks for or takes back a picture asks here.
/// </summary>
public sealed class KeyObjects(IImageStore store, StorageOptions options, ILogger<KeyObjects> logger)
{
    /// <summary>False where no bucket is configured; then every call fails.</summary>
    public bool HasBucket => options.Bucket is not null;

    /// <inheritdoc cref="IImageStore.PutAsync"/>
    public Task<StoredImage> PutAsync(
        ImageTask task, StagedImage image, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken) =>
        store.PutAsync(
            new ImageObject(
                NameOf(task, image.Extension), image.ContentType, image.Size, image.Crc32C, task.TaskId,
                image.Origin?.ModelId is { } model && model != task.Request.ModelId ? model : null),
            openContent, cancellationToken);

    /// <summary>Adopts the key's object if there is one.</summary>
    /// <returns>Null when there is none.</returns>
    /// <inheritdoc cref="IImageStore.AdoptAsync" path="/exception"/>
    public Task<StoredImage?> AdoptAsync(ImageTask task, CancellationToken cancellationToken) =>
        store.AdoptAsync(AllNamesOf(task), task.TaskId, cancellationToken);

    /// <summary>
    /// Makes sure that the task leaves no object of its own: an upload whose answer was lost may have stored one all the same.
    /// What another task stored, or has adopted, stays.
    /// </summary>
    /// <param name="image">The picture whose upload was tried; null where it may have been any.</param>
    /// <param name="mayLeave">
    /// The task ends all the same when the bucket is out of reach. Should the object exist, the next task of the key adopts it.
    /// </param>
    /// <exception cref="FailureException">Out of reach at the moment, and it must not be left; to be tried again.</exception>
    public async Task DeleteOwnAsync(ImageTask task, StagedImage? image, bool mayLeave, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var name in image is null ? AllNamesOf(task) : [NameOf(task, image.Extension)])
            {
                await store.DeleteOwnAsync(name, task.TaskId, cancellationToken);
            }
        }
        catch (FailureException exception) when (mayLeave || !exception.IsTransient)
        {
            logger.LogWarning("It could not be made sure that no object was left: {error}", exception.Message);
        }
    }

    /// <summary>Every name that the key's object can have: a picture's extension is known only when the picture is.</summary>
    private IReadOnlyList<string> AllNamesOf(ImageTask task) =>
        [.. ImageFormat.All.Select(format => NameOf(task, format.Extension))];

    private string NameOf(ImageTask task, string extension) =>
        ImageObjectName.For(options.Prefix, task.IdempotencyKey, task.Fingerprint, extension);
}
