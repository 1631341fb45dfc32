using Iga.Callers;
using Iga.Http;

namespace Iga.Usage;

/// <summary>GET /v1/usage: how many tasks ended in a time, and what their pictures cost.</summary>
public sealed class UsageFunction(UsageCache usage, StatsCache stats, TimeProvider time, ILogger<UsageFunction> logger)
{
    /// <summary>Longer than a list may take: many tasks are added up.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    [Function("usage")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "v1/usage")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        StoreReads.AnswerAsync(
            request, logger, Caller.Of(request.HttpContext)?.Name, Budget,
            async token =>
            {
                var query = UsageQuery.Read(request.Query, time.GetUtcNow());
                var figures = await usage.GetAsync(query, token);
                var today = await stats.GetAsync(client, token);
                return Respond.Json(
                    StatusCodes.Status200OK,
                    new UsageResponse(
                        query.Since, figures.Until, query.By.ToString().ToLowerInvariant(), figures.Rows, figures.Total, today.DailyLimitUsd,
                        today.SpentTodayUsd),
                    UsageJson.Readable.UsageResponse);
            },
            cancellationToken);
}
