using Iga.Faults;
using Iga.Images;

namespace Iga.Bucket;

/// <summary>
/// Reads pictures of tasks that have ended: never another object than the task's. Its calls have a circuit breaker of their own, so that
/// what goes wrong with reading keeps no task from storing its picture.
/// </summary>
public sealed class StoredPictures(IGcsTransport transport, StorageOptions options, IDependencyObserver observer, TimeProvider time)
{
    /// <summary>One attempt, to the answer's headers: so short that another one has time before a caller is told that it can't be.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2.5);

    private readonly DependencyPipeline _pipeline =
        new(Dependency.ImageStore, AttemptTimeout, retryTimeouts: true, observer, time);

    /// <param name="url">As the task's result has it, <c>gs://bucket/name</c>.</param>
    /// <param name="recorded">What the task's record says of the picture; null where it says nothing.</param>
    /// <exception cref="FailureException">Kinds storage_denied and storage_unavailable.</exception>
    public async Task<PictureSearch> FindAsync(Guid taskId, string url, StagedImage? recorded, CancellationToken cancellationToken)
    {
        if (options.Bucket is not { } bucket || NameIn(bucket, url) is not { } name)
        {
            return new PictureSearch.Elsewhere();
        }

        var seen = await _pipeline.CallAsync<GcsObject?>(
            async token => await transport.FindAsync(bucket, name, token), cancellationToken, isMeasured: false);
        return seen is null ? new PictureSearch.Gone()
            : !IsOf(taskId, recorded, seen) ? new PictureSearch.Replaced()
            : seen.Size is not { } size ? throw StorageFaults.Unreadable(new InvalidDataException("an object without a size"))
            : new PictureSearch.Found(new StoredPicture(bucket, name, seen.Generation, size, seen.Crc32C, seen.Created));
    }

    /// <summary>Begins to read a part of a picture.</summary>
    /// <returns>
    /// Its reads end by an exception where nothing comes for a while, or less than was asked for. Null where the picture is gone since it was
    /// found.
    /// </returns>
    /// <exception cref="FailureException">Kinds storage_denied and storage_unavailable.</exception>
    public async Task<Stream?> OpenAsync(StoredPicture picture, long offset, long length, CancellationToken cancellationToken)
    {
        var content = await _pipeline.CallAsync<Stream?>(
            async token => await transport.OpenAsync(picture.Bucket, picture.Name, picture.Generation, offset, length, token),
            cancellationToken, isMeasured: false);
        return content is null ? null : new ArrivingContent(content, length, time);
    }

    /// <returns>The object's name; null where it is none that this service gives.</returns>
    private string? NameIn(string bucket, string url)
    {
        var beginning = $"gs://{bucket}/{options.Prefix}";
        return url.StartsWith(beginning, StringComparison.Ordinal) && url[beginning.Length..] is { Length: > 0 } rest
            && !rest.Contains('/', StringComparison.Ordinal) && rest is not ("." or "..")
            ? options.Prefix + rest
            : null;
    }

    /// <summary>
    /// By the version where the record has it. Records of before, and of pictures that could not be looked at, have only the checksum; a
    /// picture that another task of the key made is told by who has adopted it.
    /// </summary>
    private static bool IsOf(Guid taskId, StagedImage? recorded, GcsObject seen) =>
        recorded?.Generation is { } generation ? seen.Generation == generation
        : seen.AdoptedBy == taskId.ToString()
            || (recorded is null ? seen.TaskId == taskId.ToString() : seen.Crc32C == recorded.Crc32C);
}
