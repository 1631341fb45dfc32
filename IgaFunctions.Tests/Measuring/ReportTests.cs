using System.Text.Json;
using Iga.Bench.Limits;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Tests.Measuring;

/// <summary>What the bench makes of its figures: medians, ratios, and whether a target is met.</summary>
public sealed class ReportTests
{
    private static readonly string Pooled = PeerStack.Pooled.Name;

    private readonly Results _results = new();

    [Theory]
    [InlineData(800, true)]
    [InlineData(799, false)]
    public async Task A_rate_is_to_be_so_many_times_the_pooled_peers(double rate, bool isMet)
    {
        Add(OwnStack.Title, "accept 32", "rate", rate);
        Add(Pooled, "accept 32", "rate", 100);

        Assert.Equal([isMet], await TargetsMetAsync("accept 32", "rate"));
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(20.1, false)]
    public async Task A_latency_is_to_be_at_most_a_part_of_the_pooled_peers(double milliseconds, bool isMet)
    {
        Add(OwnStack.Title, "accept 32", "p99", milliseconds);
        Add(Pooled, "accept 32", "p99", 100);

        Assert.Equal([isMet], await TargetsMetAsync("accept 32", "p99"));
    }

    [Theory]
    [InlineData(9, true, true)]
    [InlineData(9.5, false, true)]
    [InlineData(10.5, false, false)]
    public async Task Of_two_targets_of_one_figure_each_is_judged_by_itself(double milliseconds, bool beside, bool atMost)
    {
        Add(OwnStack.Title, "overhead", "client's median", milliseconds);
        Add(Pooled, "overhead", "client's median", 28);

        Assert.Equal([beside, atMost, null], await TargetsMetAsync("overhead", "client's median"));
    }

    [Theory]
    [InlineData(1.79, true)]
    [InlineData(1.81, false)]
    public async Task A_cost_is_to_grow_with_the_rows_at_most_a_fifth_more_than_PostgreSQLs_own(double milliseconds, bool isMet)
    {
        Add(PostgresLimit.Title, "growth, 1,000 rows", "accept p50", 0.2);
        Add(PostgresLimit.Title, "growth, 1,000,000 rows", "accept p50", 0.3);
        Add(OwnStack.Title, "growth, 1,000 rows", "accept p50", 1);
        Add(OwnStack.Title, "growth, 1,000,000 rows", "accept p50", milliseconds);

        Assert.Equal([isMet], await TargetsMetAsync("growth, 1,000,000 rows", "accept p50"));
    }

    [Fact]
    public async Task Without_PostgreSQLs_own_growth_it_is_left_open_whether_the_services_is_small_enough()
    {
        Add(OwnStack.Title, "growth, 1,000 rows", "poll p50", 1);
        Add(OwnStack.Title, "growth, 100,000 rows", "poll p50", 1);

        Assert.Equal([null], await TargetsMetAsync("growth, 100,000 rows", "poll p50"));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(60.1, false)]
    public async Task A_crowd_is_to_take_the_models_time_and_the_throughputs(double seconds, bool isMet)
    {
        Add(OwnStack.Title, "throughput", "rate", 250);
        Add(OwnStack.Title, "10000 tasks of 20 s", "time", seconds);

        Assert.Equal([isMet], await TargetsMetAsync("10000 tasks of 20 s", "time"));
    }

    [Fact]
    public async Task Without_the_peer_it_is_left_open_whether_its_rate_is_reached()
    {
        Add(OwnStack.Title, "throughput", "rate", 1_000_000);

        Assert.Equal([null, null], await TargetsMetAsync("throughput", "rate"));
    }

    [Fact]
    public async Task The_table_shows_medians_of_the_rounds_their_spread_and_the_ratio()
    {
        Add(OwnStack.Title, "throughput", "rate", 400, 200, 300);
        Add(OwnStack.Before, "throughput", "rate", 200, 150, 100);
        Add(Pooled, "throughput", "rate", 90, 100, 110);

        var (table, _) = await SaveAsync();

        Assert.Contains("IGA is 1.0.0+abc; medians of 3 rounds", table, StringComparison.Ordinal);
        Assert.Contains(
            "| throughput: rate | 300/s (200–400) | 150/s (100–200) | 100/s (90.0–110) | 2.00 × (1.33–3.00) | 3.00 × |  | ≥ 5 × peer, pooled; ≥ 1.5 × before | **missed**; met |",
            table, StringComparison.Ordinal);
    }

    private void Add(string system, string group, string name, params double[] values)
    {
        foreach (var value in values)
        {
            _results.Add(system, group, name, name == "rate" ? Unit.PerSecond : Unit.Milliseconds, value);
        }
    }

    private async Task<bool?[]> TargetsMetAsync(string group, string name)
    {
        var (_, json) = await SaveAsync();
        using var saved = JsonDocument.Parse(json);
        var figure = saved.RootElement.GetProperty("figures").EnumerateArray().Single(f =>
            (f.GetProperty("system").GetString(), f.GetProperty("group").GetString(), f.GetProperty("name").GetString())
            == (OwnStack.Title, group, name));
        return [.. figure.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("isMet").Deserialize<bool?>())];
    }

    private async Task<(string Table, string Json)> SaveAsync()
    {
        var folder = Directory.CreateTempSubdirectory("iga-report-");
        try
        {
            var table = await new Report(
                _results, [OwnStack.Title, OwnStack.Before, Pooled], new Dictionary<string, string> { [OwnStack.Title] = "1.0.0+abc" }, 3).SaveAsync(
                folder.FullName, TestContext.Current.CancellationToken);
            Assert.Equal(table, await File.ReadAllTextAsync(Path.Combine(folder.FullName, "bench.md")));
            return (table, await File.ReadAllTextAsync(Path.Combine(folder.FullName, "bench.json")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
