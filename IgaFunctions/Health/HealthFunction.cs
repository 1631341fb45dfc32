using Iga.Http;
using Iga.Keys;
using Npgsql;

namespace Iga.Health;

/// <summary>
/// GET /health: whether the service can accept a task, and so whether PostgreSQL takes writes and has this version's tables. Needs no key.
/// </summary>
public sealed class HealthFunction(NpgsqlDataSource dataSource, IdempotencyTable table, ILogger<HealthFunction> logger)
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
            if (await TakesWritesAsync(budget.Token).WaitAsync(budget.Token))
            {
                await table.GetShapeAsync(budget.Token).AsTask().WaitAsync(budget.Token);
                return Respond.Json(StatusCodes.Status200OK, new HealthResponse("ok"), HealthJson.Readable.HealthResponse);
            }

            logger.LogWarning("PostgreSQL takes no writes");
            return Unavailable(request, "The store of idempotency keys takes no writes at the moment.");
        }
        catch (TableNotReadyException exception)
        {
            logger.LogError("{error}", exception.Message);
            return Unavailable(request, "The store of idempotency keys is not ready for this version; the log says what it lacks.");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            logger.LogWarning(exception, "PostgreSQL is out of reach");
            return Unavailable(request, "The store of idempotency keys is out of reach.");
        }
    }

    private static IResult Unavailable(HttpRequest request, string message) => Respond.Error(
        request.HttpContext.Response, StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable, message);

    /// <summary>Asks a session of the pool, and, if its server takes no writes, a new one: there may have been a failover.</summary>
    private async Task<bool> TakesWritesAsync(CancellationToken cancellationToken)
    {
        if (await AskAsync(cancellationToken))
        {
            return true;
        }

        dataSource.Clear();
        return await AskAsync(cancellationToken);
    }

    private async Task<bool> AskAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select current_setting('transaction_read_only') = 'off'");
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
