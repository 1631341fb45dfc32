using Iga.Faults;

namespace Iga.Bucket;

/// <summary>
/// The few requests of GCS that the service makes: by Google's client in the Functions host, by REST in the local host
/// (docs/0015). Without retries of its own; an answer that says no is thrown as <see cref="StorageFaults"/> maps it.
/// </summary>
public interface IGcsTransport
{
    /// <summary>Uploads with <c>ifGenerationMatch=0</c>, the checksum and <c>iga_task_id</c> in the object's metadata.</summary>
    /// <param name="content">Stands at its start and is read to its end; at most 10 MB of it are in memory at once.</param>
    /// <returns>The new object, or null when one of that name exists already (412).</returns>
    /// <exception cref="FailureException">storage_denied or storage_unavailable.</exception>
    /// <exception cref="HttpRequestException">No answer.</exception>
    Task<GcsObject?> InsertAsync(string bucket, ImageObject image, Stream content, CancellationToken cancellationToken);

    /// <returns>The object, or null when there is none of that name.</returns>
    /// <inheritdoc cref="InsertAsync" path="/exception"/>
    Task<GcsObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken);

    /// <summary>Begins to read a part of the object's content, of just this generation.</summary>
    /// <param name="generation">0 where the other side counts none.</param>
    /// <param name="length">Bytes; one or more, and not past the object's end.</param>
    /// <returns>To be read to its end by the caller, who minds that it may end early; null when that generation is gone.</returns>
    /// <inheritdoc cref="InsertAsync" path="/exception"/>
    Task<Stream?> OpenAsync(
        string bucket, string name, long generation, long offset, long length, CancellationToken cancellationToken);

    /// <summary>Writes <c>iga_adopted_by</c> into the metadata of just this generation.</summary>
    /// <returns>False when it is gone or has been replaced.</returns>
    /// <inheritdoc cref="InsertAsync" path="/exception"/>
    Task<bool> MarkAdoptedAsync(
        string bucket, string name, long generation, Guid taskId, CancellationToken cancellationToken);

    /// <summary>Deletes the object as it was seen; nothing happens when it is gone or has changed, its metadata included.</summary>
    /// <inheritdoc cref="InsertAsync" path="/exception"/>
    Task DeleteAsync(string bucket, string name, GcsObject seen, CancellationToken cancellationToken);
}
