using Iga.Http;
using Npgsql;

namespace Iga.Health;

/// <summary>GET /health: whether the service can accept a task. Needs no key.</summary>
public sealed class HealthFunction(NpgsqlDataSource dataSource, ILogger<HealthFunction> logger)
{
    internal static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(3);

    [Function("health")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        budget.CancelAfter(Budget);
        try
        {
            // A cancelled command waits for PostgreSQL's consent, which a stalled network does not deliver.
            await AskAsync(budget.Token).WaitAsync(budget.Token);
            return Respond.Json(StatusCodes.Status200OK, new HealthResponse("ok"), HealthJson.Readable.HealthResponse);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.LogWarning(exception, "PostgreSQL is out of reach");
            return Respond.Error(
                request.HttpContext.Response, StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable,
                "The store of idempotency keys is out of reach.");
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
