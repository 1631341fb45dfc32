using Iga.Tasks;
using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>
/// Activity: the whole way of a task that meets no fault: make the picture, store it, complete. Where a fault stops it, it
/// reports how far it got, and the orchestrator goes on from there step by step.
/// </summary>
public sealed class MakeImage(GenerateImage generate, UploadImage upload, CompleteTask complete, ILogger<MakeImage> logger)
{
    public const string Name = "make_image";

    /// <exception cref="Npgsql.NpgsqlException">The table of keys is out of reach; nothing is stored yet.</exception>
    [Function(Name)]
    public async Task<MakeImageResult> RunAsync([ActivityTrigger] MakeImageInput input, CancellationToken cancellationToken)
    {
        var made = await generate.RunAsync(input.Task, cancellationToken);
        if (made.Image is not { } image)
        {
            return new MakeImageResult(made);
        }

        using var scope = logger.BeginTaskScope(input.Task);
        UploadImageResult? stored = null;
        try
        {
            // Whether the key is still the task's was found out when the picture was staged, or found to be.
            stored = await upload.StoreAsync(input.Task, image, cancellationToken);
            return new MakeImageResult(made, stored, stored.Url is { } url
                ? await complete.RunAsync(
                    new CompleteTaskInput(input.Task, ImageResult.Of(input.Task, url), input.StartedAt, image), cancellationToken)
                : null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "The task goes on step by step");
            return new MakeImageResult(made, stored);
        }
    }
}
