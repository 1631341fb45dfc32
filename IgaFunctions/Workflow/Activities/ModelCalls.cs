using Iga.Faults;
using Iga.Http;
using Iga.Models;
using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Calls the model, and calls it again where its answer held no picture by chance: such an answer is not paid for as one. A
/// process that dies in between begins anew, which costs nothing either.
/// </summary>
public sealed class ModelCalls(
    IImageModel model, VertexOptions options, IgaMetrics metrics, TimeProvider time, ILogger<ModelCalls> logger)
{
    /// <param name="startedAt">When the task's orchestration began: its time is limited.</param>
    /// <param name="attempts">Gets every call that was made, whatever came of it.</param>
    /// <inheritdoc cref="IImageModel.GenerateAsync"/>
    public async Task<GeneratedImage> GenerateAsync(
        ImageRequest request, DateTime startedAt, CancellationToken cancellationToken, string? caller = null,
        Func<CancellationToken, Task<IDisposable>>? makeRoom = null, ICollection<TaskAttempt>? attempts = null)
    {
        for (var repeats = 0; ; repeats++)
        {
            var began = time.GetTimestamp();
            try
            {
                var image = await CallAsync(request, caller, makeRoom, attempts, cancellationToken);
                metrics.StageEnded(Stage.Model, time.GetElapsedTime(began), request.ModelId);
                return image;
            }
            catch (FailureException failure) when (
                failure.IsChance && repeats < options.NoImageRetries && IsTimeFor(time.GetElapsedTime(began), startedAt))
            {
                logger.LogWarning("The model made no image, and is asked once more: {kind}: {error}", failure.Kind, failure.Message);
                metrics.TaskRetried(failure.Kind);
            }
        }
    }

    private async Task<GeneratedImage> CallAsync(
        ImageRequest request, string? caller, Func<CancellationToken, Task<IDisposable>>? makeRoom, ICollection<TaskAttempt>? attempts,
        CancellationToken cancellationToken)
    {
        // There is room just before the model is called, and after all waiting for a turn.
        (DateTimeOffset At, long Timestamp)? called = null;
        try
        {
            var image = await model.GenerateAsync(request, cancellationToken, caller, makeRoom is null ? null : MakeRoomAsync);
            Note(null);
            return image;
        }
        catch (FailureException failure)
        {
            Note(failure);
            throw;
        }

        async Task<IDisposable> MakeRoomAsync(CancellationToken token)
        {
            var room = await makeRoom(token);
            called ??= (time.GetUtcNow(), time.GetTimestamp());
            return room;
        }

        void Note(FailureException? failure)
        {
            if (called is var (at, timestamp))
            {
                attempts?.Add(TaskAttempt.Of(request.ModelId, at, time.GetElapsedTime(timestamp), failure?.Kind, failure?.Message ?? ""));
            }
        }
    }

    /// <param name="call">How long the last call took; another one will take as long.</param>
    private bool IsTimeFor(TimeSpan call, DateTime startedAt) =>
        time.GetUtcNow().UtcDateTime - startedAt + call <= PromisedLimits.Trying;
}
