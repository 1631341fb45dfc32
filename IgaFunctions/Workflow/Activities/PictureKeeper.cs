using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Limits;
using Iga.Models;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Keeps a picture that a model has just made, and that is in memory only: stages it and writes down that it did. Where the staging is
/// out of order all the same, the picture goes straight to the bucket: it is paid for.
/// </summary>
public sealed class PictureKeeper(
    IdempotencyStore store, LimitOptions limits, ModelOptions models, IImageStaging staging, KeyObjects objects,
    HeldPictures held, IgaMetrics metrics, TimeProvider time, ILogger<PictureKeeper> logger)
{
    /// <summary>After so many tries the bucket is tried beside the staging.</summary>
    private const int TriesOfStagingAlone = 2;

    /// <summary>For so long a picture is held in memory; while too many are, no model is called.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    /// <summary>A staged picture leaves memory when it takes longer to write down that it is staged: PostgreSQL may be away.</summary>
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(1);

    /// <param name="room">For the picture, in the staging.</param>
    /// <param name="image">Taken over. Once it is staged it may still be held, for its upload.</param>
    /// <param name="run">How it was come by.</param>
    /// <returns><see cref="Progress.Staged"/> as a rule, <see cref="Progress.Stored"/> or <see cref="Progress.NotOwned"/>.</returns>
    /// <exception cref="FailureException">Neither the staging nor the bucket took it.</exception>
    public async Task<Progress> KeepAsync(
        ImageTask task, ImageRequest request, StagingRoom room, GeneratedImage image, TaskRun run, CancellationToken cancellationToken)
    {
        var origin = models.OriginOf(request, image.Usage);
        metrics.ImageMade(origin, task.Caller);
        StagedImage description, staged;
        Task<bool> recording;

        // Both wait for a disk. That it is written down is waited for after that: it takes as long as PostgreSQL is away, and only few
        // pictures may be in memory at once.
        var isHeld = false;
        try
        {
            description = StagedImage.Of(image.Bytes.Span, image.Format) with { Origin = origin };
            recording = RecordAsync(task, description, mayBeRecorded: false, cancellationToken, run);
            switch (await StageOrStoreAsync(task, room, image, description, recording, cancellationToken))
            {
                case Progress.Staged { Image: var kept }:
                    staged = kept;
                    break;
                case var elsewhere:
                    return elsewhere;
            }

            isHeld = staged == description && await IsSoonTrueAsync(recording) && held.TryTake(task.TaskId, image);
        }
        finally
        {
            if (!isHeld)
            {
                image.Dispose();
            }
        }

        var isOwned = await recording;
        if (!staged.IsSamePictureAs(description))
        {
            // Another run was faster. Of its picture only the bytes are known; it was asked of the same model.
            staged = staged with { Origin = models.OriginOf(request) };
            isOwned = await store.RecordStagedAsync(task, staged, cancellationToken);
        }

        if (!isOwned)
        {
            await staging.DropAsync(task.TaskId, cancellationToken);
            return new Progress.NotOwned();
        }

        return new Progress.Staged(staged);
    }

    /// <summary>Writes down what is kept, and what it cost.</summary>
    /// <param name="mayBeRecorded">An earlier run may have done so.</param>
    /// <returns>False when the key is no longer the task's.</returns>
    /// <param name="run">How the picture was come by; null where that is not known.</param>
    public Task<bool> RecordAsync(
        ImageTask task, StagedImage image, bool mayBeRecorded, CancellationToken cancellationToken, TaskRun? run = null) =>
        limits.BoundsSpendOf(task.Caller)
            ? store.RecordPaidAsync(
                task, image, models.Catalog.PriceOf(image.Origin!.ModelId, image.Origin.ImageSize), mayBeRecorded, cancellationToken, run)
            : store.RecordStagedAsync(task, image, cancellationToken, run);

    private async Task<Progress> StageOrStoreAsync(
        ImageTask task, StagingRoom room, GeneratedImage image, StagedImage description, Task<bool> recording,
        CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new Progress.Staged(await staging.StageAsync(task.TaskId, room, image.Bytes, description, cancellationToken));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "The picture could not be staged, attempt {attempt}", attempt);
            }

            if (attempt >= TriesOfStagingAlone)
            {
                // It may only be stored while the key is the task's.
                if (!await recording)
                {
                    return new Progress.NotOwned();
                }

                try
                {
                    // Of a copy: an upload that was given up may still be reading when the picture's buffer is another one's.
                    var stored = await objects.PutAsync(
                        task, description, _ => Task.FromResult<Stream>(new MemoryStream(image.Bytes.ToArray(), writable: false)),
                        cancellationToken);
                    logger.LogWarning("The picture is stored without having been staged");
                    return new Progress.Stored(stored.Url, description, stored.ModelId, Generation: stored.Generation);
                }
                catch (FailureException exception)
                {
                    logger.LogError("Nor could it be stored: {kind}: {error}", exception.Kind, exception.Message);
                    if (time.GetElapsedTime(began) >= Longest)
                    {
                        // Not transient: the task fails rather than pay twice.
                        throw new FailureException(
                            FailureKind.TaskFailed,
                            "The picture was made but could not be kept; the service's staging and its bucket are out of order.",
                            innerException: exception);
                    }
                }
            }

            await Task.Delay(PauseAfter(attempt), time, cancellationToken);
        }
    }

    private async Task<bool> IsSoonTrueAsync(Task<bool> recording)
    {
        try
        {
            return await recording.WaitAsync(LongestHold, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TimeSpan PauseAfter(int attempt)
    {
        var pause = TimeSpan.FromMilliseconds(Random.Shared.Next(200, 400) << Math.Min(attempt, 10));
        return pause < LongestPause ? pause : LongestPause;
    }
}
