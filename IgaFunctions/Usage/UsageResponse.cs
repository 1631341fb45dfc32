using System.Text.Json.Serialization;
using Iga.Http;

namespace Iga.Usage;

/// <summary>The body of GET /v1/usage.</summary>
/// <param name="By"><c>model</c>, <c>day</c> or <c>workflow</c>.</param>
/// <param name="Rows">Days in their order, else the dearest first; of many workflows the dearest only.</param>
/// <param name="Total">Of all tasks that ended in that time, also those that have no row.</param>
/// <param name="DailyLimitUsd">US dollars that may be spent on a day (UTC); null where there is no limit.</param>
/// <param name="SpentTodayUsd">For the pictures of tasks that ended today (UTC), whatever time was asked for.</param>
public sealed record UsageResponse(
    [property: JsonPropertyName("since"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset Since,
    [property: JsonPropertyName("until"), JsonConverter(typeof(UtcMilliseconds))] DateTimeOffset Until,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("rows")] IReadOnlyList<UsageRow> Rows,
    [property: JsonPropertyName("total")] UsageSum Total,
    [property: JsonPropertyName("daily_limit_usd")] decimal? DailyLimitUsd,
    [property: JsonPropertyName("spent_today_usd")] decimal SpentTodayUsd);
