using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Keys;
using Iga.Models;
using Iga.Staging;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Makes a task's picture: looks whether the key is still the task's, calls the model once, stages the picture and writes down
/// that it did. A picture that is staged or stored already is not paid for again, whichever model made it.
/// </summary>
public sealed class ImageMaker(
    IdempotencyStore store, ModelCalls model, ModelOptions models, IImageStaging staging, KeyObjects objects,
    LockHeartbeat heartbeat, IgaMetrics metrics, ILogger<ImageMaker> logger)
{
    private const int StagingTries = 5;

    /// <param name="startedAt">When the task's orchestration began.</param>
    /// <param name="unavailable">Models that could not be had: the next one that can make the picture is called.</param>
    /// <returns>
    /// <see cref="Progress.Staged"/> as a rule; <see cref="Progress.Stored"/> where the key's object was found;
    /// <see cref="Progress.NotMade"/> or <see cref="Progress.NotOwned"/>.
    /// </returns>
    public async Task<Progress> MakeAsync(
        ImageTask task, DateTime startedAt, IReadOnlyList<string> unavailable, CancellationToken cancellationToken)
    {
        // The same input makes the same choice: what an earlier run of this step has staged was made by this model.
        var candidates = models.CandidatesFor(task.Request).Where(candidate => !unavailable.Contains(candidate.ModelId)).ToList();
        var request = candidates.FirstOrDefault(task.Request);
        if (await store.ConfirmAsync(task, cancellationToken) is not Ownership.Owned owned)
        {
            return new Progress.NotOwned();
        }

        if (await FindStagedAsync(task, owned.Staged, cancellationToken) is { } found)
        {
            var staged = owned.Staged ?? found with { Origin = OriginOf(request, usage: null) };
            logger.LogInformation("The picture is staged already; the model is not called again");
            return StagedIf(owned.Staged is not null || await RecordPaidAsync(task, staged, mayBeRecorded: true, cancellationToken), staged);
        }

        try
        {
            await using var beat = heartbeat.Start(task);
            if ((task.MayHaveObject || owned.Staged is not null) && await objects.AdoptAsync(task, cancellationToken) is { } stored)
            {
                logger.LogInformation("The key's object is stored already and is adopted; the model is not called");
                return new Progress.Stored(stored.Url, ModelId: stored.ModelId);
            }

            if (!models.Catalog.Has(request.ModelId))
            {
                logger.LogWarning(
                    "The catalog does not have the model {model}; it is asked for whatever the widest model of its family offers",
                    request.ModelId);
            }

            return await KeepAsync(
                task, request, await model.GenerateAsync(request, startedAt, cancellationToken, task.Caller), cancellationToken);
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The model made no image: {kind}: {error}", exception.Kind, exception.Message);

            // A picture that was staged before, and that the staging has lost since, may be in the bucket, which is to tell.
            var isForBucket = owned.Staged is not null && exception.Kind == FailureKind.StorageUnavailable;
            return new Progress.NotMade(
                exception.Fault with { HasPaidPicture = isForBucket }, request.ModelId, HasFallback: candidates.Count > 1);
        }
    }

    /// <param name="recorded">What an earlier run has staged, as it is written down; null if nothing is.</param>
    /// <returns>The staged picture, or null when there is none, or only a damaged one.</returns>
    private async Task<StagedImage?> FindStagedAsync(
        ImageTask task, StagedImage? recorded, CancellationToken cancellationToken)
    {
        var staged = await staging.FindAsync(task.TaskId, cancellationToken);
        if (staged is null || recorded is null || staged.IsSamePictureAs(recorded))
        {
            return staged;
        }

        logger.LogError("The staged picture is damaged; it has to be made again");
        await staging.DropAsync(task.TaskId, cancellationToken);
        return null;
    }

    /// <summary>Stages the picture and writes it down, both at once: each waits for a disk.</summary>
    private async Task<Progress> KeepAsync(
        ImageTask task, ImageRequest request, GeneratedImage image, CancellationToken cancellationToken)
    {
        var origin = OriginOf(request, image.Usage);
        metrics.ImageMade(origin, task.Caller);
        StagedImage description, staged;
        Task<bool> recording;

        // The picture leaves memory when it is staged. That it is written down is waited for after that: it takes as long as
        // PostgreSQL is away, and only few pictures may be in memory at once.
        using (image)
        {
            description = StagedImage.Of(image.Bytes.Span, image.Format) with { Origin = origin };
            recording = RecordPaidAsync(task, description, mayBeRecorded: false, cancellationToken);
            staged = await StageAsync(task, image, description, cancellationToken);
        }

        var isOwned = await recording;
        if (!staged.IsSamePictureAs(description))
        {
            // Another run was faster. Of its picture only the bytes are known; it was asked of the same model.
            staged = staged with { Origin = OriginOf(request, usage: null) };
            isOwned = await store.RecordStagedAsync(task, staged, cancellationToken);
        }

        return StagedIf(isOwned, staged);
    }

    private Task<bool> RecordPaidAsync(ImageTask task, StagedImage image, bool mayBeRecorded, CancellationToken cancellationToken) =>
        store.RecordPaidAsync(
            task, image, models.Catalog.PriceOf(image.Origin!.ModelId, image.Origin.ImageSize), mayBeRecorded, cancellationToken);

    private ImageOrigin OriginOf(ImageRequest request, TokenUsage? usage)
    {
        var size = models.Catalog.Find(request.ModelId)?.Offer.SizeOf(request.ImageSize);
        return new(request.ModelId, size?.Size, usage?.Prompt, usage?.Output, usage?.Thoughts, size?.Usd);
    }

    private static Progress StagedIf(bool isOwned, StagedImage staged) =>
        isOwned ? new Progress.Staged(staged) : new Progress.NotOwned();

    /// <summary>The picture is paid for: it is held until it is staged, and the task fails rather than pay twice.</summary>
    private async Task<StagedImage> StageAsync(
        ImageTask task, GeneratedImage image, StagedImage description, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await staging.StageAsync(task.TaskId, image.Bytes, description, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                logger.LogError(exception, "The picture could not be staged, attempt {attempt}", attempt);
                if (attempt == StagingTries)
                {
                    throw new FailureException(
                        FailureKind.TaskFailed,
                        "The picture was made but could not be kept; the service's staging is out of order.",
                        innerException: exception);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(200, 400) << attempt), cancellationToken);
            }
        }
    }
}
