namespace Iga.Http;

/// <summary>One log line for each request that is refused, and its answer.</summary>
internal static class Refusals
{
    /// <summary>Characters. A message may name what the caller wrote, which has no end by itself.</summary>
    private const int LongestReason = 300;

    /// <summary>Logs that a request is refused, and answers it.</summary>
    /// <param name="caller">The name of the API key that the request came with, if it has one.</param>
    public static IResult Refuse(this ILogger logger, HttpResponse response, RejectedException refusal, string? caller)
    {
        logger.LogRefusal(refusal.Status, refusal.ErrorCode, refusal.Field, refusal.Message, caller);
        return refusal.ToResult(response);
    }

    public static IResult ToResult(this RejectedException refusal, HttpResponse response) =>
        Respond.Error(response, refusal.Status, refusal.ErrorCode, refusal.Message, refusal.RetryAfter);

    /// <param name="errorCode">One of <see cref="ErrorCode"/>.</param>
    /// <param name="field">The field or the header that was wrong, if it was one.</param>
    /// <param name="message">What the caller is told.</param>
    /// <param name="caller">The name of the API key that the request came with, if it has one.</param>
    public static void LogRefusal(
        this ILogger logger, int status, string errorCode, string? field, string message, string? caller = null)
    {
        using var scope = caller is null ? null : logger.BeginScope(new KeyValuePair<string, object?>[] { new("caller", caller) });
        var reason = message.Length <= LongestReason ? message : message[..LongestReason];
        if (field is null)
        {
            logger.LogInformation("Refused with {http_status} {error_code}: {reason}", status, errorCode, reason);
        }
        else
        {
            logger.LogInformation(
                "Refused with {http_status} {error_code} ({field}): {reason}", status, errorCode, field, reason);
        }
    }
}
