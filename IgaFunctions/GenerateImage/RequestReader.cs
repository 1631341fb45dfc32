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
        if (!objects.HasBucket)
        {
            throw new RejectedException(
                StatusCodes.Status503ServiceUnavailable, ErrorCode.NoBucket,
                "The service has no bucket to store images in: GCS_BUCKET_NAME is not set.");
        }

        RequestMediaType.Check(request);
        var caller = Caller.Of(request.HttpContext)?.Name;
        using var room = await _largeBodies.TakeRoomAsync(request.ContentLength, caller, cancellationToken);
        using var body = await RequestBody.ReadAsync(request, room is null ? null : time, cancellationToken);
        using var turn = await _largeBodies.TakeTurnAsync(body.Length, caller, cancellationToken);
        using var members = body.Parse();
        var effective = _validator.Validate(members.Fields);

        // Version 7 is random enough not to be guessed (74 bits) and keeps the table's index local.
        var task = new ImageTask(
            Guid.CreateVersion7(), headers.IdempotencyKey, headers.WorkflowId, effective.Fingerprint(), effective,
            idempotency.Heartbeat.TotalSeconds, Caller: caller);
        return (task, members.Ignored);
    }
}
