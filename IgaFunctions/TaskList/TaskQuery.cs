using System.Globalization;
using Iga.Http;
using Iga.Tasks;

namespace Iga.TaskList;

/// <summary>What a caller of GET /v1/tasks asks for.</summary>
/// <param name="IsByPrice">The dearest first, else the newest.</param>
/// <param name="After">The last task of the page before; null for the first page.</param>
internal sealed record TaskQuery(TaskFilter Filter, bool IsByPrice, int Limit, TaskQuery.Cursor? After)
{
    public const int MostTasks = 200;
    private const int UsualTasks = 50;

    /// <summary>Whoever asks for the dearest tasks has all of that time looked through.</summary>
    private const int LongestByPriceDays = 31;

    private const string AfterName = "after";

    private static readonly string[] Names =
        ["status", "workflow_id", "idempotency_key", "caller", "since", "until", "order", "limit", AfterName];

    /// <exception cref="RejectedException">Something in the query is wrong.</exception>
    public static TaskQuery Read(IQueryCollection query, DateTimeOffset now)
    {
        var reader = new QueryReader(query, Names);
        var filter = TaskFilter.Read(reader) with { Since = reader.Time("since"), Until = reader.Time("until") };
        var isByPrice = reader.OneOf("order", "newest", "price") == "price";
        if (isByPrice && (filter.Since is not { } since || since < now.AddDays(-LongestByPriceDays)))
        {
            throw QueryReader.Wrong("since", $"must be given with order=price, and be at most {LongestByPriceDays} days ago");
        }

        var after = reader.Text(AfterName) is { } text
            ? Cursor.TryRead(text, isByPrice) ?? throw QueryReader.Wrong(AfterName, "must be as the page before gave it in next")
            : null;
        return new(filter, isByPrice, reader.WholeNumber("limit", 1, MostTasks) ?? UsualTasks, after);
    }

    /// <returns>The path of the page behind this place: the same query, without the key that it may have come with.</returns>
    public static string PathOf(IQueryCollection query, Cursor next) => "/v1/tasks" + QueryString.Create(
        Names.Where(name => name != AfterName && query.ContainsKey(name))
            .Select(name => KeyValuePair.Create(name, (string?)query[name].ToString()))
            .Append(new(AfterName, next.ToString())));

    /// <summary>A place in the list.</summary>
    /// <param name="Usd">In a list by price, what that task cost.</param>
    internal sealed record Cursor(Guid TaskId, decimal? Usd = null)
    {
        public static Cursor? TryRead(string text, bool isByPrice)
        {
            // Compared with what it would be written as, since the parsers take more than that.
            var parts = text.Split('_');
            return Guid.TryParseExact(parts[0], "N", out var id)
                && (isByPrice
                    ? parts.Length == 2 && decimal.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd)
                        ? new Cursor(id, usd) : null
                    : new Cursor(id)) is { } cursor && cursor.ToString() == text ? cursor : null;
        }

        public override string ToString() =>
            Usd is { } usd ? string.Create(CultureInfo.InvariantCulture, $"{TaskId:N}_{usd}") : TaskId.ToString("N");
    }
}
