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

    /// <summary>At least nine tenths of the same figure of another group.</summary>
    public static Target Kept(string group, string than, string name) => new(
        group, name, $"≥ 0.9 × {than}",
        (figure, results) => results.Find(figure.System, than, name) is { } without ? figure.Median >= 0.9 * without.Median : null);

    /// <summary>At most a fifth more than the same figure of another group.</summary>
    public static Target Flat(string group, string than, string name) => new(
        group, name, $"≤ 1.2 × at {than.Split(", ")[1]}",
        (figure, results) => results.Find(figure.System, than, name) is { } small ? figure.Median <= 1.2 * small.Median : null);
}
