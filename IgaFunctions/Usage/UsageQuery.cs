using Iga.Http;

namespace Iga.Usage;

/// <summary>What a caller of GET /v1/usage asks for.</summary>
/// <param name="By">What the rows stand for.</param>
/// <param name="Since">Tasks that ended then or later.</param>
/// <param name="Until">Tasks that ended before; null for until now.</param>
internal sealed record UsageQuery(UsageKey By, DateTimeOffset Since, DateTimeOffset? Until)
{
    private const int LongestDays = 92;

    /// <exception cref="RejectedException">Something in the query is wrong.</exception>
    public static UsageQuery Read(IQueryCollection query, DateTimeOffset now)
    {
        var reader = new QueryReader(query, "by", "since", "until");
        var by = reader.OneOf("by", "model", "day", "workflow") switch
        {
            "day" => UsageKey.Day,
            "workflow" => UsageKey.Workflow,
            _ => UsageKey.Model,
        };
        var since = reader.Time("since") ?? new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var until = reader.Time("until") ?? (since < now ? null : since.AddDays(1));
        return since >= until ? throw QueryReader.Wrong("until", "must be later than since")
            : (until ?? now) - since > TimeSpan.FromDays(LongestDays) ? throw QueryReader.Wrong("since", $"must be at most {LongestDays} days before until")
            : new(by, since, until);
    }
}
