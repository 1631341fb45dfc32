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
/// Makes a task's picture: looks whether the key is still the task's, makes sure that the picture can be kept, calls the model once
/// and has the picture kept. A picture that is staged or stored already is not paid for again, whichever model made it.
/// </summary>
public sealed class ImageMaker(
    IdempotencyStore store, ModelCalls model, ModelOptions models, IImageStaging staging, PictureKeeper keeper, KeyObjects objects,
    LockHeartbeat heartbeat, ILogger<ImageMaker> logger)
{
    /// <param name="startedAt">When the task's orchestration began.</param>
    /// <param name="unavailable">Models that could not be had: the next one that can make the picture is called.</param>
    /// <param name="earlier">Calls of the model that are not written down yet.</param>
    /// <returns>
    /// <see cref="Progress.Staged"/> as a rule; <see cref="Progress.Stored"/> where the key's object was found;
    /// <see cref="Progress.NotMade"/> or <see cref="Progress.NotOwned"/>.
    /// </returns>
    public async Task<Progress> MakeAsync(
        ImageTask task, DateTime startedAt, IReadOnlyList<string> unavailable, CancellationToken cancellationToken,
        IReadOnlyList<TaskAttempt>? earlier = null)
    {
        List<TaskAttempt> attempts = [];
        // The same input makes the same choice: what an earlier run of this step has staged was made by this model.
        var candidates = models.CandidatesFor(task.Request).Where(candidate => !unavailable.Contains(candidate.ModelId)).ToList();
        var request = candidates.FirstOrDefault(task.Request);
        if (await store.ConfirmAsync(task, cancellationToken) is not Ownership.Owned owned)
        {
            return new Progress.NotOwned();
        }

        try
        {
            if (await FindStagedAsync(task, owned.Staged, cancellationToken) is { } found)
            {
                var staged = owned.Staged ?? found with { Origin = models.OriginOf(request) };
                logger.LogInformation("The picture is staged already; the model is not called again");
                return owned.Staged is not null || await keeper.RecordAsync(task, staged, mayBeRecorded: true, cancellationToken)
                    ? new Progress.Staged(staged) : new Progress.NotOwned();
            }

            await using var beat = heartbeat.Start(task);
            if ((task.MayHaveObject || owned.Staged is not null) && await objects.AdoptAsync(task, cancellationToken) is { } stored)
            {
                logger.LogInformation("The key's object is stored already and is adopted; the model is not called");
                return new Progress.Stored(stored.Url, ModelId: stored.ModelId, Generation: stored.Generation);
            }

            if (!models.Catalog.Has(request.ModelId))
            {
                logger.LogWarning(
                    "The catalog does not have the model {model}; it is asked for whatever the widest model of its family offers",
                    request.ModelId);
            }

            return await CallAsync(task, request, startedAt, earlier ?? [], attempts, cancellationToken);
        }
        catch (FailureException exception) when (exception.Fault.WaitsForStaging)
        {
            logger.LogWarning("{error} {cause}", exception.Message, exception.InnerException?.Message);
            return new Progress.NotMade(exception.Fault, Attempts: attempts.Count > 0 ? attempts : null);
        }
        catch (FailureException exception)
        {
            logger.LogWarning("The model made no image: {kind}: {error}", exception.Kind, exception.Message);

            // A picture that was staged before, and that the staging has lost since, may be in the bucket, which is to tell.
            var isForBucket = owned.Staged is not null && exception.Kind == FailureKind.StorageUnavailable;
            return new Progress.NotMade(
                exception.Fault with { HasPaidPicture = isForBucket }, request.ModelId, HasFallback: candidates.Count > 1,
                attempts.Count > 0 ? attempts : null);
        }
    }

    private async Task<Progress> CallAsync(
        ImageTask task, ImageRequest request, DateTime startedAt, IReadOnlyList<TaskAttempt> earlier, List<TaskAttempt> attempts,
        CancellationToken cancellationToken)
    {
        StagingRoom? room = null;
        try
        {
            var image = await model.GenerateAsync(request, startedAt, cancellationToken, task.Caller, MakeRoomAsync, attempts);
            var run = new TaskRun(DateTime.SpecifyKind(startedAt, DateTimeKind.Utc), [.. earlier, .. attempts]);
            return await keeper.KeepAsync(task, request, room!, image, run, cancellationToken);
        }
        finally
        {
            room?.Dispose();
        }

        async Task<IDisposable> MakeRoomAsync(CancellationToken token) =>
            room = await staging.ReserveAsync(models.OriginOf(request).ImageSize, token);
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
}
