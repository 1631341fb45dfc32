using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;
using Iga.Tests.Security;

namespace Iga.Tests.Telemetry;

/// <summary>
/// GET /metrics of a process of its own, and what docs/operations makes of it, judged by Prometheus itself where that is installed.
/// </summary>
public sealed partial class MetricsPageTests
{
    private const string Key = "a-key-of-this-test-alone";

    private static readonly string Operations = Path.Combine(Sources.Root, "docs", "operations");

    [Fact]
    public async Task Prometheus_fetches_what_the_process_has_measured_and_the_dashboard_shows_it()
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        settings["IGA_API_KEYS"] = $"charts:{Key}";
        await using var calls = await WatchedCalls.StartAsync(settings, "IGA_VERTEX_ENDPOINT");
        await using var service = ServiceProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/metrics")).StatusCode);
        client.DefaultRequestHeaders.Add("x-functions-key", Key);
        await MeasureAsync(client, vertex);

        // No trace where nobody receives it, whatever a caller asks for.
        Assert.Equal([null, null], calls.TraceParents);

        using var answer = await client.GetAsync("/metrics");
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        foreach (var line in (string[])
            [
                """iga_generate_image_request_count_total{caller="charts",model="gemini-3.1-flash-image",status="success"} 2""",
                """iga_generate_image_request_count_total{caller="charts",status="IGA_BAD_REQUEST_MODEL_ID"} 1""",
                """iga_task_succeeded_count_total{caller="charts",model="gemini-3.1-flash-image"} 1""",
                """iga_task_failed_count_total{caller="charts",error_type="prompt_blocked",model="gemini-3.1-flash-image"} 1""",
                """iga_image_cost_usd_total{caller="charts",model="gemini-3.1-flash-image"} 0.067""",
                """iga_task_stage_seconds_count{model="gemini-3.1-flash-image",stage="queued"} 2""",
                """iga_task_stage_seconds_count{model="gemini-3.1-flash-image",stage="model"} 1""",
                """iga_task_stage_seconds_count{model="gemini-3.1-flash-image",stage="upload"} 1""",
                """iga_task_stage_seconds_count{model="gemini-3.1-flash-image",stage="complete"} 1""",
                "iga_db_connections_max 32", "iga_lease_lost_count_total 0", "iga_model_calls_in_flight 0", "iga_steps_waiting 0",
            ])
        {
            Assert.Contains(line + "\n", page, StringComparison.Ordinal);
        }

        Assert.Matches("\niga_db_connections_(used|idle) [1-9]", page);
        Assert.DoesNotContain("of-a-caller", page, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", page, StringComparison.Ordinal);

        Prometheus.SkipWithout();
        await Prometheus.AssertPromtoolAcceptsAsync(page, "check", "metrics");
        await AssertDashboardShowsAsync(client.BaseAddress, page);
    }

    [Fact]
    public async Task The_alerts_fire_when_they_should_and_not_otherwise()
    {
        Prometheus.SkipWithout();
        await Prometheus.AssertPromtoolAcceptsAsync("", "check", "rules", Path.Combine(Operations, "alerts.yml"));
        await Prometheus.AssertPromtoolAcceptsAsync("", "test", "rules", Path.Combine(Operations, "alerts.test.yml"));
        await Prometheus.AssertPromtoolAcceptsAsync("", "check", "config", Path.Combine(Operations, "prometheus.yml"));
    }

    [Fact]
    public void The_dashboard_and_the_alerts_ask_for_nothing_that_does_not_exist()
    {
        var documented = Documented().Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs", "metrics.md")))
            .Select(match => Milliseconds().Replace(match.Groups[1].Value, "_seconds"))
            .SelectMany(name => (string[])[name, $"{name}_total", $"{name}_bucket", $"{name}_count", $"{name}_sum"])
            .ToHashSet();
        var queries = string.Join('\n', Dashboard.Queries(Operations)) + File.ReadAllText(Path.Combine(Operations, "alerts.yml"));

        Assert.DoesNotContain(Asked().Matches(queries).Select(match => match.Value), name => !documented.Contains(name));
        Dashboard.AssertIsWhole(Operations);
        Assert.Equal(
            Alert().Matches(File.ReadAllText(Path.Combine(Operations, "alerts.yml"))).Select(match => match.Groups[1].Value),
            AlertRow().Matches(File.ReadAllText(Path.Combine(Operations, "alerts.md"))).Select(match => match.Groups[1].Value));
    }

    private static async Task MeasureAsync(HttpClient client, VertexEmulator vertex)
    {
        client.DefaultRequestHeaders.Add("traceparent", "00-11112222333344445555666677778888-aaaabbbbccccdddd-01");
        await client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        vertex.Faults.Add("vertex.generateContent", "blocked-prompt-200", match: "blocked");
        await client.WaitAsync(await client.SubmitAsync(Caller.NewKey(), new { prompt = "blocked" }));
        using var refused = await client.PostAsync(Caller.NewKey(), new { prompt = "x", model_id_override = "gemini-of-a-caller-image" });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private static async Task AssertDashboardShowsAsync(Uri target, string page)
    {
        var folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
        var configuration = Path.Combine(folder, "prometheus.yml");
        var port = Loopback.FreePort();
        await File.WriteAllTextAsync(
            configuration,
            $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["{{Path.Combine(Operations, "alerts.yml")}}"]
            scrape_configs:
              - {job_name: iga, metrics_path: /metrics, params: {code: [{{Key}}]}, static_configs: [{targets: ["{{target.Authority}}"]}]}
            """);
        using var server = Prometheus.StartServer(configuration, Path.Combine(folder, "data"), port);
        using var prometheus = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        try
        {
            await Eventually.Async(async () => await TryQueryAsync(prometheus, "count_over_time(up{job=\"iga\"}[1m]) > 2 and up == 1") > 0);
            foreach (var query in Dashboard.Queries(Operations))
            {
                var asked = Dashboard.Fill(query);
                var found = await TryQueryAsync(prometheus, asked);
                Assert.True(found is not null, asked);

                // What the page has, the dashboard shows.
                var names = Asked().Matches(query).Select(match => match.Value);
                Assert.True(found > 0 || names.Any(name => !page.Contains($"\n{name}", StringComparison.Ordinal)), asked);
            }
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <returns>How many series there are; null if the query is none that Prometheus understands, or it does not answer yet.</returns>
    private static async Task<int?> TryQueryAsync(HttpClient prometheus, string query)
    {
        try
        {
            using var answer = await prometheus.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
            var body = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? body.GetProperty("data").GetProperty("result").GetArrayLength() : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\biga_[a-z_]+")]
    private static partial Regex Asked();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"^\| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertRow();

    [GeneratedRegex("_ms$")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"^\| `(iga_[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Documented();
}
