using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iga.Bench.Limits;
using Iga.Bench.Systems;

namespace Iga.Bench.Reports;

/// <summary>The table, for people and for programs.</summary>
/// <param name="versions">Of which commit this service's systems are.</param>
internal sealed class Report(Results results, IReadOnlyList<string> systems, IReadOnlyDictionary<string, string> versions, int rounds)
{
    private static readonly JsonSerializerOptions Json =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Saves bench.md and bench.json.</summary>
    /// <returns>The table.</returns>
    public async Task<string> SaveAsync(string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var table = Table();
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.md"), table, cancellationToken);
        var figures = results.Figures.Select(f => new
        {
            system = f.System,
            group = f.Group,
            name = f.Name,
            unit = Words.Suffix(f.Unit).Trim(),
            median = Finite(f.Median),
            values = f.Values.Select(Finite),
            isReckoned = f.IsReckoned,
            targets = f.System == OwnStack.Title
                ? TargetsOf(f).Select(t => new { target = t.Words, isMet = t.IsMet(f, results) }).ToArray() : null,
        });
        await File.WriteAllTextAsync(
            Path.Combine(folder, "bench.json"),
            JsonSerializer.Serialize(new { machine = Machine(), versions, rounds, figures }, Json), cancellationToken);
        return table;
    }

    private string Table()
    {
        var text = new StringBuilder($"{Machine()}; {string.Join(", ", versions.Select(version => $"{version.Key} is {version.Value}"))}; ")
            .Append(CultureInfo.InvariantCulture, $"medians of {rounds} rounds (least–most)\n\n");
        string[] others = [.. systems.Where(system => system != OwnStack.Title)];
        string[] beside = [.. new[] { OwnStack.Before, PeerStack.Pooled.Name }.Where(others.Contains)];
        string[] heads = ["", OwnStack.Title, .. others, .. beside.Select(system => $"beside {system}"), "limit", "target", ""];
        text.AppendLine($"| {string.Join(" | ", heads)} |").AppendLine($"|{string.Concat(Enumerable.Repeat("---|", heads.Length))}");
        foreach (var own in results.Figures.Where(figure => figure.System == OwnStack.Title))
        {
            var targets = TargetsOf(own).ToArray();
            string[] cells =
            [
                $"{own.Group}: {own.Name}", Cell(own), .. others.Select(system => Cell(results.Find(system, own.Group, own.Name))),
                .. beside.Select(system => Ratio(own, results.Find(system, own.Group, own.Name))),
                Cell(results.Find(PostgresLimit.Title, own.Group, own.Name)),
                string.Join("; ", targets.Select(target => target.Words)),
                string.Join("; ", targets.Select(target => target.IsMet(own, results) switch { true => "met", false => "**missed**", _ => "?" })),
            ];
            text.AppendLine($"| {string.Join(" | ", cells)} |");
        }

        text.AppendLine().AppendLine("Limits that are no line of the service's:").AppendLine();
        foreach (var figure in results.Figures.Where(f => f.System == PostgresLimit.Title
            && results.Find(OwnStack.Title, f.Group, f.Name) is null))
        {
            text.AppendLine($"- {figure.Group}, {figure.Name}: {Cell(figure)}");
        }

        return text.ToString();
    }

    private static IEnumerable<Target> TargetsOf(Figure figure) =>
        Targets.All.Where(target => (target.Group, target.Name) == (figure.Group, figure.Name));

    /// <summary>Of the medians, and where both were measured in turns, from the least to the most of a round.</summary>
    private static string Ratio(Figure own, Figure? other)
    {
        if (other is not { Median: > 0 } || !double.IsFinite(other.Median))
        {
            return "";
        }

        double[] rounds = other.System == OwnStack.Before ? [.. own.Values.Zip(other.Values, (one, with) => one / with)] : [];
        return $"{Words.Number(own.Median / other.Median)} ×"
            + (rounds.Length > 1 ? $" ({Words.Number(rounds.Min())}–{Words.Number(rounds.Max())})" : "");
    }

    private static string Cell(Figure? figure) => figure switch
    {
        null => "",
        { Median: double.PositiveInfinity } => "never",
        { Values.Count: 1 } => $"{(figure.IsReckoned ? "≈ " : "")}{Words.Of(figure.Median, figure.Unit)}",
        _ => $"{(figure.IsReckoned ? "≈ " : "")}{Words.Of(figure.Median, figure.Unit)} "
            + $"({Words.Number(figure.Least)}–{Words.Number(figure.Most)})",
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static string Machine()
    {
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return $"{Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
            + $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load at the end {load}";
    }
}
