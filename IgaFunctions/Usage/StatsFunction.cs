using Iga.Callers;
using Iga.Http;

namespace Iga.Usage;

/// <summary>GET /v1/stats: the figures that a page shows at its top, and asks for again and again.</summary>
public sealed class StatsFunction(StatsCache stats, ILogger<StatsFunction> logger)
{
    [Function("stats")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/stats")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        StoreReads.AnswerAsync(
            request, logger, Caller.Of(request.HttpContext)?.Name, StoreReads.Budget,
            async token =>
            {
                _ = new QueryReader(request.Query);
                return Respond.Json(StatusCodes.Status200OK, await stats.GetAsync(client, token), UsageJson.Readable.StatsResponse);
            },
            cancellationToken);
}
