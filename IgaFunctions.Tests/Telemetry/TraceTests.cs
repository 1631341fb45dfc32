using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.EndToEnd;
using Iga.Tests.Engines;
using Iga.Tests.Fixtures;
using Iga.Tests.GoogleCloud;
using Iga.Tests.Security;

namespace Iga.Tests.Telemetry;

/// <summary>A task can be followed from its POST to the calls outside, on either engine, by whoever receives OpenTelemetry's data.</summary>
public sealed class TraceTests
{
    private const string StrangersTrace = "11112222333344445555666677778888";

    [Fact]
    public async Task A_task_is_one_trace_on_the_local_host()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        TracedCalls? calls = null;
        Seen seen;
        await using (var service = await OwnService.StartAsync(settings => calls = TracedCalls.Watch(settings, receiver)))
        {
            seen = await GenerateAsync(service.Client);
        }

        await using var _ = calls;
        AssertIsOneTrace(receiver, seen, calls!);
    }

    [Fact]
    public async Task A_task_is_one_trace_on_the_real_engine()
    {
        await using var surroundings = await Surroundings.CreateAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var calls = TracedCalls.Watch(surroundings.Settings, receiver);
        Seen seen;
        await using (var engine = await surroundings.StartEngineAsync())
        {
            seen = await GenerateAsync(engine.Client);
        }

        AssertIsOneTrace(receiver, seen, calls);
    }

    [Fact]
    public async Task A_task_that_fails_says_so_in_its_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        Guid id;
        await using (var service = await OwnService.StartAsync(receiver.Receive))
        {
            var prompt = $"blocked {Guid.NewGuid()}";
            service.Vertex.Faults.Add("vertex.generateContent", "blocked-prompt-200", match: prompt);
            id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt });
            await service.Client.WaitAsync(id);
        }

        var post = PostOf(receiver, id);
        Assert.False(post.IsError);
        Assert.Equal(
            [("fail_task", "prompt_blocked", "TaskFailed"), ("make_image", "prompt_blocked", "NotMade"), ("vertexai", "prompt_blocked", "failed")],
            receiver.Spans.Where(span => span.TraceId == post.TraceId && span.IsError && span.Source == "Iga")
                .Select(span => (span.Name, span.Attributes["error.type"], span.Attributes["iga.outcome"])).Order());
    }

    [Fact]
    public async Task The_request_for_a_token_belongs_to_the_trace_of_the_task_that_needed_it()
    {
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        await using var google = await GoogleGate.StartAsync(vertex.Address, gcs.Address);
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Service.SettingsFor(google.Address, google.Address, await TestCluster.CreateDatabaseAsync());
        receiver.Receive(settings);
        settings["GOOGLE_APPLICATION_CREDENTIALS"] = google.KeyFile;
        settings["IGA_GOOGLE_TOKEN_HOSTS"] = google.Address.Host;
        settings["IGA_VERTEXAI_PROJECT_ID"] = "test";
        settings["SSL_CERT_FILE"] = google.RootFile;
        await using var service = ServiceProcess.Start(settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
        var id = await client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        await client.WaitAsync(id);
        Assert.Equal(0, await service.StopAsync());

        var trace = receiver.Spans.Where(span => span.TraceId == PostOf(receiver, id).TraceId).ToArray();
        var model = Assert.Single(trace, span => span.Name == "vertexai");
        var token = Assert.Single(trace, span => span.Attributes.GetValueOrDefault("url.full", "").EndsWith("/token", StringComparison.Ordinal));
        Assert.Equal(model.Id, token.Parent);
        Assert.DoesNotContain(trace.SelectMany(span => span.Attributes.Values), value => value.Contains("Bearer", StringComparison.Ordinal));

        // A process of its own makes no traces of what belongs to no task.
        Assert.All(receiver.Spans.Where(span => span.Parent == ""), span => Assert.Equal("Iga", span.Source));
    }

    [Fact]
    public async Task A_caller_who_asks_to_be_traced_is_not_obeyed_where_nothing_is_sampled()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        TracedCalls? calls = null;
        Seen seen;
        await using (var service = await OwnService.StartAsync(settings =>
        {
            settings["OTEL_TRACES_SAMPLER"] = "always_off";
            calls = TracedCalls.Watch(settings, receiver);
        }))
        {
            seen = await GenerateAsync(service.Client);
        }

        await using var _ = calls;
        Assert.NotEmpty(calls!.Vertex.TraceParents);
        Assert.All(calls.Vertex.TraceParents, parent => Assert.True(
            parent is null || (parent.EndsWith("-00", StringComparison.Ordinal) && !parent.Contains(StrangersTrace, StringComparison.Ordinal))));
        Assert.DoesNotContain(receiver.Spans, span => span.Attributes.GetValueOrDefault("iga.task_id") == seen.Id.ToString());
    }

    private static async Task<Seen> GenerateAsync(HttpClient client)
    {
        var (prompt, key) = ($"secret words {Guid.NewGuid()}", Caller.NewKey());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = JsonContent.Create(new { prompt }) };
        request.Headers.Add("X-Idempotency-Key", key);
        request.Headers.Add("X-Workflow-ID", "episode 7");
        request.Headers.Add("traceparent", $"00-{StrangersTrace}-aaaabbbbccccdddd-01");
        request.Headers.Add("tracestate", "stranger=1");
        using var response = await client.SendAsync(request);
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("task_id").GetGuid();
        Assert.Equal("SUCCESS", (await client.WaitAsync(id)).GetProperty("status").GetString());
        return new(id, prompt, key);
    }

    private static void AssertIsOneTrace(OtlpReceiver receiver, Seen seen, TracedCalls calls)
    {
        var post = PostOf(receiver, seen.Id);
        Assert.Equal(("", 2), (post.Parent, post.Kind));
        Assert.Equal([StrangersTrace], post.Links);
        Assert.NotEqual(StrangersTrace, post.TraceId);
        Assert.Equal(
            ("episode 7", "gemini-3.1-flash-image", "202", "accepted"),
            (post.Attributes["iga.workflow_id"], post.Attributes["iga.model"], post.Attributes["http.response.status_code"],
                post.Attributes["iga.outcome"]));

        var trace = receiver.Spans.Where(span => span.TraceId == post.TraceId).ToArray();
        var step = Assert.Single(trace, span => span.Name == "make_image");
        Assert.Equal((post.Id, 5), (step.Parent, step.Kind));
        Assert.Equal(
            (seen.Id.ToString(), "episode 7", "Completed"),
            (step.Attributes["iga.task_id"], step.Attributes["iga.workflow_id"], step.Attributes["iga.outcome"]));

        var model = Assert.Single(trace, span => span.Name == "vertexai");
        var upload = Assert.Single(trace, span => span.Name == "gcs_upload");
        Assert.Equal((step.Id, step.Id), (model.Parent, upload.Parent));
        Assert.Equal(("gemini-3.1-flash-image", "success"), (model.Attributes["iga.model"], model.Attributes["iga.outcome"]));

        // The calls went out with the ids of their own spans.
        var toModel = Assert.Single(trace, span => span.Source == "System.Net.Http" && span.Parent == model.Id);
        Assert.Equal([$"00-{post.TraceId}-{toModel.Id}-01"], calls.Vertex.TraceParents);
        var toBucket = trace.Where(span => span.Parent == upload.Id && span.Attributes.GetValueOrDefault("server.port") == calls.Gcs.Port)
            .Select(span => $"00-{post.TraceId}-{span.Id}-01").Order();
        Assert.NotEmpty(toBucket);
        Assert.Equal(toBucket, calls.Gcs.TraceParents.Order());

        // The key is claimed, and the result written, in statements that may be shared.
        var batches = trace.Where(span => span.Name == "postgres batch").ToArray();
        Assert.Contains(batches, span => span.Parent == post.Id);
        Assert.Contains(batches, span => span.Parent == step.Id);
        Assert.Contains(trace, span => span.Source == "Npgsql" && batches.Any(batch => batch.Id == span.Parent));

        // All of it hangs together, and says nothing of what is the caller's alone.
        Assert.All(trace.Where(span => span != post), span => Assert.Contains(trace, parent => parent.Id == span.Parent));
        Assert.All(trace.SelectMany(span => span.Attributes.Values), value =>
        {
            Assert.DoesNotContain("secret words", value, StringComparison.Ordinal);
            Assert.DoesNotContain(seen.Key, value, StringComparison.Ordinal);
        });
    }

    private static ReceivedSpan PostOf(OtlpReceiver receiver, Guid id) => Assert.Single(
        receiver.Spans, span => span.Name == "POST /generate_image" && span.Attributes.GetValueOrDefault("iga.task_id") == id.ToString());

    private sealed record Seen(Guid Id, string Prompt, string Key);
}
