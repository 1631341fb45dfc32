using Iga.Faults;
using Iga.Queues;

namespace Iga.Bucket;

/// <summary>The bucket in Google Cloud Storage. Decides what an object that is there already means.</summary>
internal sealed class GcsImageStore(
    IGcsTransport transport, StorageOptions options, IDependencyObserver observer, TimeProvider time) : IImageStore
{
    /// <summary>One attempt: a picture of some megabytes on a slow line.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Each has a connection and may have a staged file open; waiting takes neither. More than a line carries well side by side.
    /// </summary>
    internal const int UploadsAtOnce = 256;

    // ifGenerationMatch makes every request here safe to repeat, so timeouts are repeated too.
    private readonly DependencyPipeline _pipeline =
        new(Dependency.ImageStore, AttemptTimeout, retryTimeouts: true, observer, time);

    private readonly FairSlots _uploads = new(UploadsAtOnce);

    private string Bucket => options.Bucket ?? throw StorageFaults.NoBucket();

    public async Task<StoredImage> PutAsync(
        ImageObject image, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken)
    {
        GcsObject? damaged = null;
        return await _pipeline.CallAsync(PutOnceAsync, cancellationToken, token => _uploads.TakeAsync(static () => "", token));

        async ValueTask<StoredImage> PutOnceAsync(CancellationToken token)
        {
            await using var content = await openContent(token);
            if (await transport.InsertAsync(Bucket, image, content, token) is { } inserted)
            {
                if (inserted.Crc32C is { } crc && crc != image.Crc32C)
                {
                    damaged = inserted;
                    await DeleteDamagedAsync(token);
                }

                return new(UrlOf(image.Name), Adopted: false, image.ModelId, inserted.CountedGeneration);
            }

            var (mayRead, present) = await LookAsync(image.Name, token);
            if (damaged is not null && (!mayRead || present?.Generation == damaged.Generation))
            {
                await DeleteDamagedAsync(token); // an earlier attempt wrote it and could not take it back
            }

            // Only a task of this key gives an object this name.
            if (!mayRead)
            {
                return new(UrlOf(image.Name), Adopted: true, image.ModelId); // most likely an earlier attempt's
            }

            // Not taken to be there: who was told of a picture would find none.
            if (present is null)
            {
                throw StorageFaults.Vanished();
            }

            // Ours when an earlier attempt, or an earlier run of the task, wrote it and its answer was lost.
            var isOwn = present.TaskId == image.TaskId.ToString();
            return isOwn || await MarkAdoptedAsync(image.Name, present, image.TaskId, token)
                ? new(UrlOf(image.Name), Adopted: !isOwn, present.ModelId, present.CountedGeneration)
                : throw StorageFaults.Vanished();
        }

        async Task DeleteDamagedAsync(CancellationToken token)
        {
            await transport.DeleteAsync(Bucket, image.Name, damaged, token);
            throw StorageFaults.Damaged();
        }
    }

    public Task<StoredImage?> AdoptAsync(IReadOnlyList<string> names, Guid taskId, CancellationToken cancellationToken) =>
        _pipeline.CallAsync<StoredImage?>(
            async token =>
            {
                foreach (var name in names)
                {
                    // What may not be read can still be in the way of the upload, and is adopted then.
                    if (await LookAsync(name, token) is (_, { } present)
                        && (present.TaskId == taskId.ToString() || await MarkAdoptedAsync(name, present, taskId, token)))
                    {
                        return new(UrlOf(name), Adopted: true, present.ModelId, present.CountedGeneration);
                    }
                }

                return null;
            },
            cancellationToken,
            isMeasured: false);

    public Task DeleteOwnAsync(string name, Guid taskId, CancellationToken cancellationToken) => _pipeline.CallAsync(
        async token =>
        {
            var present = await transport.FindAsync(Bucket, name, token);
            if (present?.TaskId == taskId.ToString() && present.AdoptedBy is null)
            {
                // Should another task adopt it at this very moment, its mark changes the metadata and the delete fails.
                await transport.DeleteAsync(Bucket, name, present, token);
            }

            return true;
        },
        cancellationToken,
        isMeasured: false);

    private string UrlOf(string name) => $"gs://{Bucket}/{name}";

    /// <summary>
    /// Takes an object from the task that stored it. That task may be fenced but alive, about to find out and to delete what
    /// it has stored.
    /// </summary>
    private async Task<bool> MarkAdoptedAsync(
        string name, GcsObject present, Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            return present.AdoptedBy == taskId.ToString()
                || await transport.MarkAdoptedAsync(Bucket, name, present.Generation, taskId, cancellationToken);
        }
        catch (FailureException exception) when (IsDenied(exception))
        {
            return true; // The object is the key's picture all the same. Who may not change objects may hardly delete them.
        }
    }

    /// <returns>The object, if there is one; MayRead is false where the bucket does not tell.</returns>
    private async Task<(bool MayRead, GcsObject? Object)> LookAsync(string name, CancellationToken cancellationToken)
    {
        var bucket = Bucket;
        try
        {
            return (true, await transport.FindAsync(bucket, name, cancellationToken));
        }
        catch (FailureException exception) when (IsDenied(exception))
        {
            return (false, null);
        }
    }

    private static bool IsDenied(FailureException exception) => exception.Kind == Dependency.ImageStore.DeniedKind;
}
