using System.Globalization;
using Iga.Bench.Sites;
using Spectre.Console;

namespace Iga.Bench.Chaos;

/// <summary>The one table that a run ends with, in Markdown.</summary>
internal static class ChaosReport
{
    /// <param name="scripted">How many scripted faults were served.</param>
    public static Table Table(
        ChaosOptions options, Tally tally, int scripted, Balance balance, IReadOnlyList<string> violations, TimeSpan took)
    {
        var table = new Table { Border = TableBorder.Markdown };
        table.AddColumn($"chaos, seed {options.Seed}").AddColumn(new TableColumn("").RightAligned());
        Row("processes", options.Processes);
        Row("keys", balance.Keys);
        Row("tasks", balance.Tasks);
        Row("succeeded", balance.Succeeded);
        Row("failed, as scripted", balance.Failed);
        Row("kills (-9)", tally.Kills);
        Row("restarts (SIGTERM)", tally.Restarts);
        Row("PostgreSQL restarts (immediate)", tally.DatabaseRestarts);
        Row("network faults (reset, refused, stalled)", tally.NetworkFaults);
        Row("scripted faults of the model and the bucket", scripted);
        Row("pictures that the model made", balance.Pictures);
        Row("of them in flight at a kill", balance.InFlightAtKill);
        Row("of them in vain since a lease was lost", balance.LostWithLease);
        Row("of them in flight when a grace period ended", balance.HandedOn);
        Row("of them lost or spoiled by a scripted fault", balance.Spoiled);
        Row("objects", balance.Objects);
        Row("lost", balance.Lost.Count);
        Row("doubled", balance.Doubled.Count);
        Row("paid twice beyond the allowance", balance.PaidTwice.Count);
        Row("other violations", violations.Count - balance.Lost.Count - balance.Doubled.Count - balance.PaidTwice.Count);
        Row("seconds", (int)took.TotalSeconds);
        return table;

        void Row(string name, int value) => table.AddRow(name, value.ToString("N0", CultureInfo.InvariantCulture));
    }
}
