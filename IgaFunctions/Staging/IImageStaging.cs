using Iga.Images;

namespace Iga.Staging;

/// <summary>
/// Where a task's picture waits between the model and the bucket, so that no crash, failed upload or restarted database
/// makes the service pay for it twice. At most one picture a task, named by the task id, whole or absent.
/// </summary>
public interface IImageStaging
{
    /// <summary>
    /// Makes sure of room for one picture, before the model is paid for it. What is made sure of is nobody else's until it is given back.
    /// </summary>
    /// <param name="size">Of the picture, as its request names it: <c>512</c>, <c>1K</c>, <c>2K</c> or <c>4K</c>; null is the usual.</param>
    /// <exception cref="Faults.FailureException">There is none at the moment.</exception>
    Task<StagingRoom> ReserveAsync(string? size, CancellationToken cancellationToken);

    /// <returns>The task's staged picture, or null when there is none (or only a damaged one).</returns>
    /// <exception cref="Faults.FailureException">That can't be told at the moment.</exception>
    Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken);

    /// <summary>Writes the picture whole under a temporary name and then puts it in place in one step.</summary>
    /// <param name="room">For the picture.</param>
    /// <param name="description">Of the picture.</param>
    /// <returns>The staged picture: the one that was there first when another run of the same task was faster.</returns>
    Task<StagedImage> StageAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken);

    /// <returns>The picture's bytes from the start, seekable, or null when it is gone. The caller disposes it.</returns>
    Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken);

    /// <summary>Deletes the task's picture; nothing happens when there is none.</summary>
    Task DropAsync(Guid taskId, CancellationToken cancellationToken);

    /// <summary>
    /// As <see cref="DropAsync"/>, for a picture that is stored in the bucket: its file may be kept, under no task's name, for
    /// a picture to come.
    /// </summary>
    Task ReleaseAsync(Guid taskId, CancellationToken cancellationToken) => DropAsync(taskId, cancellationToken);

    /// <summary>All staged pictures, and left-over temporary files of writes that were cut off.</summary>
    IAsyncEnumerable<StagingEntry> ListAsync(CancellationToken cancellationToken);
}
