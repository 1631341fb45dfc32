using Iga.Http;

namespace Iga.Health;

/// <summary>
/// What those ask who keep the service running, without a key. GET /healthz: whether the process answers. GET /readyz: whether the
/// service can accept a task and do it, check by check. GET /health, older: the same without the task hub, as an error of the service.
/// </summary>
public sealed class HealthFunction(ReadinessProbe probe)
{
    [Function("health")]
    public async Task<IResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var readiness = await probe.AskAsync().WaitAsync(cancellationToken);
        return readiness.IsReady
            ? Alive()
            : Respond.Error(
                request.HttpContext.Response, StatusCodes.Status503ServiceUnavailable, readiness.ErrorCode!, readiness.Message!);
    }

    [Function("healthz")]
    public static IResult Alive(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "healthz")] HttpRequest request) => Alive();

    [Function("readyz")]
    public async Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "readyz")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var checks = await probe.ReportAsync(client).WaitAsync(cancellationToken);
        if (checks.All(check => check.Status == CheckResult.OkStatus))
        {
            return Respond.Json(
                StatusCodes.Status200OK, new ReadinessResponse(CheckResult.OkStatus, checks), HealthJson.Readable.ReadinessResponse);
        }

        Respond.AskToWait(request.HttpContext.Response);
        return Respond.Json(
            StatusCodes.Status503ServiceUnavailable, new ReadinessResponse("unavailable", checks),
            HealthJson.Readable.ReadinessResponse);
    }

    private static IResult Alive() =>
        Respond.Json(StatusCodes.Status200OK, new HealthResponse(CheckResult.OkStatus), HealthJson.Readable.HealthResponse);
}
