using System.Text.Json;

namespace Iga.Tests.Telemetry;

/// <summary>The dashboard for Grafana, as far as it can be looked at without Grafana.</summary>
internal static class Dashboard
{
    /// <summary>What its panels ask Prometheus for.</summary>
    public static IEnumerable<string> Queries(string folder) =>
        from panel in Read(folder).GetProperty("panels").EnumerateArray()
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select target.GetProperty("expr").GetString();

    /// <summary>Puts values in the place of variables, as Grafana does.</summary>
    public static string Fill(string query) => query
        .Replace("$job", ".*", StringComparison.Ordinal)
        .Replace("$instance", ".*", StringComparison.Ordinal)
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal);

    /// <summary>Every panel has a place of its own, a title and a unit, and its variables exist.</summary>
    public static void AssertIsWhole(string folder)
    {
        var dashboard = Read(folder);
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        HashSet<(int, int)> taken = [];
        Assert.All(panels, panel =>
        {
            Assert.NotEqual("", panel.GetProperty("title").GetString());
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (Number("x"), Number("y"), Number("w"), Number("h"));
            Assert.True(x >= 0 && x + w <= 24 && h > 0);
            foreach (var cell in from row in Enumerable.Range(y, h) from column in Enumerable.Range(x, w) select (row, column))
            {
                Assert.True(taken.Add(cell), $"two panels at {cell}");
            }

            if (panel.GetProperty("type").GetString() != "row")
            {
                Assert.Equal("${source}", panel.GetProperty("datasource").GetProperty("uid").GetString());
                Assert.NotEqual("", panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString());
                Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            }

            int Number(string name) => place.GetProperty(name).GetInt32();
        });
        Assert.Equal(
            ["source", "job", "instance"],
            dashboard.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()));
        Assert.All(Queries(folder), query => Assert.DoesNotContain("$", Fill(query), StringComparison.Ordinal));
    }

    private static JsonElement Read(string folder) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(folder, "grafana-dashboard.json")));
}
