using Npgsql;

namespace Iga.Http;

/// <summary>Answers that are read from PostgreSQL and nothing else.</summary>
internal static class StoreReads
{
    /// <summary>A caller is told within the time that it was promised that PostgreSQL is out of reach.</summary>
    public static readonly TimeSpan Budget = PromisedLimits.Refusal - TimeSpan.FromSeconds(1);

    /// <param name="caller">The name of the API key that the request came with, if it has one.</param>
    /// <param name="budget">What takes longer is given up.</param>
    /// <returns>What was read, or the error that the caller is told: that the query is wrong, or that nothing can be read now.</returns>
    public static async Task<IResult> AnswerAsync(
        HttpRequest request, ILogger logger, string? caller, TimeSpan budget, Func<CancellationToken, Task<IResult>> read,
        CancellationToken cancellationToken)
    {
        var response = request.HttpContext.Response;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(budget);
        try
        {
            return await read(limit.Token).WaitAsync(limit.Token);
        }
        catch (RejectedException exception)
        {
            return logger.Refuse(response, exception, caller);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.LogError(exception, "{path} could not be read", request.Path.Value);
            return Respond.Error(
                response, StatusCodes.Status503ServiceUnavailable, ErrorCode.StoreUnavailable,
                "This can't be read at the moment, or takes too long; ask again, or for a shorter time.");
        }
    }
}
