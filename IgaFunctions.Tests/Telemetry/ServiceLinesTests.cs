using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Iga.Tests.Security;

namespace Iga.Tests.Telemetry;

/// <summary>What the service's own lines say, as whoever collects its stdout sees them.</summary>
public sealed class ServiceLinesTests
{
    [Fact]
    public async Task A_refusal_has_its_code_field_and_reason_and_a_measurement_the_tags_that_charts_group_by()
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        settings["IGA_API_KEYS"] = "charts:a-key-of-this-test-alone";
        await using var service = ServiceProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/tasks/x")).StatusCode);
        client.DefaultRequestHeaders.Add("x-functions-key", "a-key-of-this-test-alone");

        foreach (var body in (string[])
            [
                """{"prompt": "a secret", "model_id_override": "dall-e-3"}""", """{"prompt": "a secret", "aspect_ratio": "2:1"}""",
                """{"prompt": ["a secret"]}""", """{"a secret": "a secret",}""",
                $$"""{"{{new string('n', 5_000)}}": 1, "{{new string('n', 5_000)}}": 1}""",
            ])
        {
            using var refused = await SendAsync(client, HttpMethod.Post, "/generate_image", body, Caller.NewKey());
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        (await SendAsync(client, HttpMethod.Post, "/generate_image", "{}", null)).Dispose();
        (await SendAsync(client, HttpMethod.Post, "/generate_image", new string(' ', 300 * 1024), Caller.NewKey())).Dispose();
        (await SendAsync(client, HttpMethod.Get, $"/nothing/{new string('x', 4_000)}", null, null)).Dispose();
        (await SendAsync(client, HttpMethod.Get, "/v1/tasks/no-such-task", null, null)).Dispose();
        (await SendAsync(client, HttpMethod.Delete, "/generate_image", null, null)).Dispose();
        await RawHttp.SendAsync(client, "GET /?code=a%20secret NO-HTTP\r\n\r\n");
        await RawHttp.SendAsync(client, $"GET / HTTP/1.1\r\nHost: x\r\nX-Huge: {new string('h', 40 * 1024)}\r\n\r\n");
        await client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        Assert.Equal(0, await service.StopAsync());

        var lines = service.Output.Select(line => JsonElement.Parse(line)).ToArray();
        Assert.Equal(
            [
                ("IGA_UNAUTHORIZED", "x-functions-key"), ("IGA_BAD_REQUEST_MODEL_ID", "model_id_override"),
                ("IGA_BAD_REQUEST_ASPECT_RATIO", "aspect_ratio"), ("IGA_BAD_REQUEST_PROMPT_MISSING", "prompt"), ("IGA_MALFORMED_JSON", null),
                ("IGA_MALFORMED_JSON", new string('n', 64)), ("IGA_MISSING_IDEMPOTENCY_KEY", "X-Idempotency-Key"),
                ("IGA_PAYLOAD_TOO_LARGE", null), ("IGA_NOT_FOUND", null), ("IGA_TASK_NOT_FOUND", "task_id"), ("IGA_METHOD_NOT_ALLOWED", null),
                ("IGA_BAD_REQUEST", null), ("IGA_BAD_REQUEST", null),
            ],
            lines.Where(line => line.TryGetProperty("error_code", out _)).Select(line => (Text(line, "error_code"), Text(line, "field"))));
        Assert.All(lines.Where(line => Text(line, "message")!.StartsWith("Refused with ", StringComparison.Ordinal)), line =>
        {
            Assert.Contains(Text(line, "error_code")!, Text(line, "message")!, StringComparison.Ordinal);
            Assert.True(Text(line, "message")!.Length < 500);
        });

        // Whose request it was stands in the lines about tasks and about what functions refuse; others have no such field.
        string?[] ofTheHost = [null, "IGA_UNAUTHORIZED", "IGA_NOT_FOUND", "IGA_METHOD_NOT_ALLOWED", "IGA_BAD_REQUEST"];
        Assert.All(lines, line => Assert.Equal(
            Text(line, "task_id") is not null || !ofTheHost.Contains(Text(line, "error_code")) ? "charts" : "absent",
            line.TryGetProperty("caller", out var caller) ? caller.GetString() : "absent"));
        Assert.DoesNotContain(service.Output, line => line.Contains("a secret", StringComparison.Ordinal));

        Assert.Contains(Measurements("iga_generate_image_request_count"), tags => tags is """{"status":"IGA_BAD_REQUEST_MODEL_ID","caller":"charts"}""");
        Assert.Contains(
            Measurements("iga_generate_image_request_count"), tags => tags is """{"status":"success","model":"gemini-3.1-flash-image","caller":"charts"}""");
        Assert.Contains("""{"error_type":"IGA_MALFORMED_JSON","caller":"charts"}""", Measurements("iga_request_rejected_count"));
        Assert.Equal("""{"status":"success","model":"gemini-3.1-flash-image"}""", Assert.Single(Measurements("iga_vertexai_call_latency_ms")));
        Assert.Equal("""{"status":"success"}""", Assert.Single(Measurements("iga_gcs_upload_latency_ms")));

        string?[] Measurements(string name) => [.. lines.Where(line => Text(line, "metric_name") == name)
            .Select(line => line.GetProperty("tags").GetRawText())];
    }

    [Fact]
    public async Task A_model_that_the_catalog_lacks_has_a_warning_and_each_picture_counts_its_price_and_tokens()
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            KnownModels = new HashSet<string> { "gemini-3.1-flash-image", "gemini-9-image" },
        });
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, await TestCluster.CreateDatabaseAsync());
        settings["IGA_ALLOWED_MODEL_IDS"] = "gemini-3.1-flash-image,gemini-9-image";
        await using var service = ServiceProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };

        await client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse", image_size = "2K" });
        var unknown = await client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse", model_id_override = "gemini-9-image" });
        await client.WaitAsync(unknown);
        Assert.Equal(0, await service.StopAsync());

        var lines = service.Output.Select(line => JsonElement.Parse(line)).ToArray();
        var warning = Assert.Single(lines, line => Text(line, "level") == "WARNING");
        Assert.Contains("The catalog does not have the model gemini-9-image", Text(warning, "message"), StringComparison.Ordinal);
        Assert.Equal(unknown.ToString(), Text(warning, "task_id"));
        Assert.Equal([("gemini-3.1-flash-image", 0.101)], Counted("iga_image_cost_usd"));
        Assert.Equal(
            [("gemini-3.1-flash-image", 1680.0), ("gemini-9-image", 1120.0)], Counted("iga_image_output_token_count"));

        IEnumerable<(string?, double)> Counted(string name) => lines.Where(line => Text(line, "metric_name") == name)
            .Select(line => (Text(line.GetProperty("tags"), "model"), line.GetProperty("value").GetDouble()));
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? body, string? key)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("X-Idempotency-Key", key);
        }

        return client.SendAsync(request);
    }
}
