using System.Text.Json.Serialization;

namespace Iga.Usage;

/// <summary>The body of GET /v1/stats: how the service does at the moment and today (UTC).</summary>
/// <param name="Pending">Of all tasks in flight, like the next two.</param>
/// <param name="FailedToday">Without those that a caller cancelled.</param>
/// <param name="MedianSeconds">Of today's tasks with a picture, from when they were accepted to when they ended; null where there are none.</param>
/// <param name="DailyLimitUsd">US dollars that may be spent on a day (UTC); null where there is no limit.</param>
public sealed record StatsResponse(
    [property: JsonPropertyName("accepted_today")] long AcceptedToday,
    [property: JsonPropertyName("pending")] long Pending,
    [property: JsonPropertyName("started")] long Started,
    [property: JsonPropertyName("retrying")] long Retrying,
    [property: JsonPropertyName("succeeded_today")] long SucceededToday,
    [property: JsonPropertyName("failed_today")] long FailedToday,
    [property: JsonPropertyName("cancelled_today")] long CancelledToday,
    [property: JsonPropertyName("median_seconds")] double? MedianSeconds,
    [property: JsonPropertyName("p95_seconds")] double? P95Seconds,
    [property: JsonPropertyName("spent_today_usd")] decimal SpentTodayUsd,
    [property: JsonPropertyName("spent_today_by_model")] IReadOnlyList<StatsResponse.Spend> SpentTodayByModel,
    [property: JsonPropertyName("daily_limit_usd")] decimal? DailyLimitUsd)
{
    /// <summary>What today's pictures of a model cost, the dearest model first.</summary>
    public sealed record Spend(
        [property: JsonPropertyName("model")] string? Model,
        [property: JsonPropertyName("usd")] decimal Usd,
        [property: JsonPropertyName("images")] long Images);
}
