using Iga.Http;

namespace Iga.Health;

/// <summary>
/// GET /readyz, and /health, its older name: whether the service can accept a task and do it. Needs no key.
/// </summary>
public sealed class HealthFunction(ReadinessProbe probe)
{
    [Function("health")]
    public Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request,
        CancellationToken cancellationToken) => AnswerAsync(request, cancellationToken);

    [Function("readyz")]
    public Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "readyz")] HttpRequest request,
        CancellationToken cancellationToken) => AnswerAsync(request, cancellationToken);

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var readiness = await probe.AskAsync().WaitAsync(cancellationToken);
        return readiness.IsReady
            ? Respond.Json(StatusCodes.Status200OK, new HealthResponse("ok"), HealthJson.Readable.HealthResponse)
            : Respond.Error(
                request.HttpContext.Response, StatusCodes.Status503ServiceUnavailable, readiness.ErrorCode!, readiness.Message!);
    }
}
