using System.Text.Json;
using Iga.Bucket;
using Iga.Callers;
using Iga.Http;
using Iga.Keys;
using Iga.Models;
using Iga.Tasks;

namespace Iga.GenerateImage;

/// <summary>Reads a POST and checks all of it, in the order that the contract gives, before anything is touched.</summary>
public sealed class RequestReader(
    RequestOptions requests, ModelOptions models, KeyObjects objects, IdempotencyOptions idempotency, TimeProvider time)
{
    private readonly RequestValidator _validator = new(requests, models);
    private readonly LargeBodies _largeBodies = new(time);

    /// <returns>A task with a new id that nothing knows of yet, and the names of the body's members that are no fields.</returns>
    /// <exception cref="RejectedException">The request is refused.</exception>
    internal async Task<(ImageTask Task, IReadOnlyList<string> Ignored)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        ForeignPages.Refuse(request);
        var headers = RequestHeaders.Read(request.Headers);
        RequireBucket();
        RequestMediaType.Check(request);
        var caller = Caller.Of(request.HttpContext)?.Name;
        using var room = await _largeBodies.TakeRoomAsync(request.ContentLength, caller, cancellationToken);
        using var body = await RequestBody.ReadAsync(request, room is null ? null : time, cancellationToken);
        using var turn = await _largeBodies.TakeTurnAsync(body.Length, caller, cancellationToken);
        using var members = body.Parse();
        return (NewTask(headers.IdempotencyKey, headers.WorkflowId, _validator.Validate(members.Fields), caller), members.Ignored);
    }

    /// <param name="effective">A request that was found right, now or when it was posted first.</param>
    /// <returns>A task with a new id that nothing knows of yet.</returns>
    /// <exception cref="RejectedException">The service has no bucket, or does not offer the model any more.</exception>
    internal ImageTask NewTask(string idempotencyKey, string? workflowId, ImageRequest effective, string? caller)
    {
        RequireBucket();
        if (effective.ModelId != models.DefaultModelId && !models.Offers(effective.ModelId))
        {
            throw RejectedException.BadRequest(
                ErrorCode.ModelId, $"The request's model {effective.ModelId} is none that callers may ask for here any more; send a new request.");
        }

        // Version 7 is random enough not to be guessed (74 bits) and keeps the table's index local.
        return new ImageTask(
            Guid.CreateVersion7(), idempotencyKey, workflowId, effective.Fingerprint(), effective, idempotency.Heartbeat.TotalSeconds,
            Caller: caller);
    }

    private void RequireBucket()
    {
        if (!objects.HasBucket)
        {
            throw new RejectedException(
                StatusCodes.Status503ServiceUnavailable, ErrorCode.NoBucket,
                "The service has no bucket to store images in: GCS_BUCKET_NAME is not set.");
        }
    }
}
