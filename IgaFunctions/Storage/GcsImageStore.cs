using Iga.Faults;

namespace Iga.Storage;

/// <summary>The bucket in Google Cloud Storage. Decides what an object that is there already means.</summary>
internal sealed class GcsImageStore(
    IGcsTransport transport, StorageOptions options, IDependencyObserver observer, TimeProvider time) : IImageStore
{
    /// <summary>One attempt: a picture of some megabytes on a slow line.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(60);

    // ifGenerationMatch makes every request here safe to repeat, so timeouts are repeated too.
    private readonly DependencyPipeline pipeline =
        new(Dependency.ImageStore, AttemptTimeout, retryTimeouts: true, observer, time);

    private string Bucket => options.Bucket ?? throw StorageFaults.NoBucket();

    public async Task<StoredImage> PutAsync(
        ImageObject image, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken)
    {
        long? damaged = null;
        var adopted = await pipeline.CallAsync(PutOnceAsync, cancellationToken);
        return new($"gs://{Bucket}/{image.Name}", adopted);

        async ValueTask<bool> PutOnceAsync(CancellationToken token)
        {
            await using var content = await openContent(token);
            if (await transport.InsertAsync(Bucket, image, content, token) is { } inserted)
            {
                if (inserted.Crc32C is { } crc && crc != image.Crc32C)
                {
                    damaged = inserted.Generation;
                    await DeleteDamagedAsync(token);
                }

                return false;
            }

            var present = await transport.FindAsync(Bucket, image.Name, token) ?? throw StorageFaults.Vanished();
            if (present.Generation == damaged)
            {
                await DeleteDamagedAsync(token); // an earlier attempt wrote it and could not take it back
            }

            // Ours when an earlier attempt, or an earlier run of the task, wrote it and its answer was lost.
            return present.TaskId != image.TaskId.ToString();
        }

        async Task DeleteDamagedAsync(CancellationToken token)
        {
            await transport.DeleteAsync(Bucket, image.Name, damaged.Value, token);
            throw StorageFaults.Damaged();
        }
    }

    public Task DeleteOwnAsync(string name, Guid taskId, CancellationToken cancellationToken) => pipeline.CallAsync(
        async token =>
        {
            var present = await transport.FindAsync(Bucket, name, token);
            if (present?.TaskId == taskId.ToString())
            {
                await transport.DeleteAsync(Bucket, name, present.Generation, token);
            }

            return true;
        },
        cancellationToken,
        isMeasured: false);
}
