using Iga.Bench.Limits;

namespace Iga.Bench.Reports;

/// <summary>What a figure of ours is to reach.</summary>
/// <param name="Words">For the table.</param>
/// <param name="IsMet">Null when what it is compared with was not measured.</param>
internal sealed record Target(string Group, string Name, string Words, Func<Figure, Results, bool?> IsMet)
{
    public static Target AtMost(string group, string name, double value, Unit unit) => new(
        group, name, $"≤ {Reports.Words.Of(value, unit)}", (figure, _) => figure.Median <= value);

    /// <param name="factor">Of the other system's median: at least so much if it is above 1, else at most.</param>
    public static Target Beside(string system, string group, string name, double factor) => new(
        group, name, factor > 1 ? $"≥ {factor} × {system}" : $"≤ {(1 / factor % 1 < 0.01 ? $"1/{1 / factor:0}" : $"{factor}")} × {system}",
        (figure, results) => results.Find(system, group, name) is not { } other ? null
            : factor > 1 ? figure.Median >= factor * other.Median : figure.Median <= factor * other.Median);

    /// <summary>The model's time, and for each of so many tasks the time that one takes where the model takes none.</summary>
    public static Target AtThroughput(string group, TimeSpan model, int tasks) => new(
        group, "time", $"≤ {model.TotalSeconds:0} s + {tasks:#,0} / throughput",
        (figure, results) => results.Find(figure.System, "throughput", "rate") is { } throughput
            ? figure.Median <= model.TotalSeconds + tasks / throughput.Median : null);

    /// <summary>At least nine tenths of the same figure of another group.</summary>
    public static Target Kept(string group, string than, string name) => new(
        group, name, $"≥ 0.9 × {than}",
        (figure, results) => results.Find(figure.System, than, name) is { } without ? figure.Median >= 0.9 * without.Median : null);

    /// <summary>Grows with the rows at most a fifth more than PostgreSQL alone does.</summary>
    /// <param name="than">The group of the same figure with few rows.</param>
    public static Target GrowsAsTheLimit(string group, string than, string name) => new(
        group, name, $"≤ 1.2 × the limit's growth from {than.Split(", ")[1]}",
        (figure, results) => Growth(results, figure.System, group, than, name) is { } own
            && Growth(results, PostgresLimit.Title, group, than, name) is { } limit ? own <= 1.2 * limit : null);

    private static double? Growth(Results results, string system, string group, string than, string name) =>
        results.Find(system, group, name)?.Median / results.Find(system, than, name)?.Median;
}
