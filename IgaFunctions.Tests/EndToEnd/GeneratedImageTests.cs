using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.EndToEnd;

/// <summary>The main job, as CPOA asks for it.</summary>
public class GeneratedImageTests(Service service)
{
    [Fact]
    public async Task A_post_is_answered_as_the_contract_says()
    {
        var key = Caller.NewKey();
        using var response = await service.Client.PostAsync(key, new { prompt = "a lighthouse" }, "workflow-1");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ["message", "task_id", "status_url", "idempotency_key_processed"],
            body.EnumerateObject().Select(field => field.Name));
        var taskId = body.GetProperty("task_id").GetGuid();
        Assert.Equal($"/v1/tasks/{taskId}", body.GetProperty("status_url").GetString());
        Assert.Equal(key, body.GetProperty("idempotency_key_processed").GetString());
        Assert.Equal($"/v1/tasks/{taskId}", response.Headers.Location?.OriginalString);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        Assert.Equal("workflow-1", Assert.Single(response.Headers.GetValues("X-Workflow-ID")));
        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_prompt_becomes_an_object_with_the_models_bytes_and_a_completed_row()
    {
        var key = Caller.NewKey();
        var prompt = $"a \"lighthouse\" at dawn, <b>ö</b> 🗼 {key}";
        var taskId = await service.Client.SubmitAsync(key, new { prompt, aspect_ratio = "16:9" });

        var body = await service.Client.WaitAsync(taskId);

        Assert.Equal(["task_id", "status", "result"], body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(taskId, body.GetProperty("task_id").GetGuid());
        var result = body.GetProperty("result");
        Assert.Equal(["image_url", "prompt_used", "model_version"], result.EnumerateObject().Select(field => field.Name));
        Assert.Equal(prompt, result.GetProperty("prompt_used").GetString());
        Assert.Equal("vertex-ai-gemini-3.1-flash-image", result.GetProperty("model_version").GetString());

        var name = Assert.Single(await service.ObjectsOfAsync(key));
        Assert.Equal($"gs://{Service.Bucket}/{name}", result.GetProperty("image_url").GetString());
        Assert.Matches("^images/iga/iga_req_[0-9a-f]{16}_[0-9a-f]{16}\\.png$", name);
        var stored = await DownloadAsync(name);
        Assert.Equal(await AskModelAsync(prompt, "16:9"), SHA256.HashData(stored));
        // The label that says that a model made it.
        Assert.True(stored.AsSpan().IndexOf("digitalsourcetype/trainedAlgorithmicMedia"u8) > 0);
        await AssertMetadataAsync(name, taskId);

        await AssertRowAsync(key, taskId, result);
    }

    [Fact]
    public async Task Two_prompts_give_two_pictures()
    {
        var urls = await Task.WhenAll(((string[])["a red fox", "a blue whale"]).Select(async prompt =>
        {
            var body = await service.Client.GenerateAsync(Caller.NewKey(), new { prompt });
            return body.GetProperty("result").GetProperty("image_url").GetString()!;
        }));

        var pictures = await Task.WhenAll(urls.Select(url => DownloadAsync(url[$"gs://{Service.Bucket}/".Length..])));
        Assert.NotEqual(SHA256.HashData(pictures[0]), SHA256.HashData(pictures[1]));
    }

    [Fact]
    public async Task The_imagen_dialect_is_spoken_for_models_of_that_family()
    {
        var body = await service.Client.GenerateAsync(
            Caller.NewKey(), new { prompt = "a fox", model_id_override = "imagegeneration@006", add_watermark = false });

        Assert.Equal(
            "vertex-ai-imagegeneration@006", body.GetProperty("result").GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task A_task_that_waits_for_its_model_is_seen_as_started()
    {
        var prompt = $"slow {Guid.NewGuid()}";
        await service.ModelFaultAsync(prompt, "latency-1500ms");
        var taskId = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt });

        var started = await service.Client.WaitAsync(taskId, "STARTED");
        Assert.Equal(JsonValueKind.Null, started.GetProperty("result").ValueKind);
        Assert.Equal(["task_id", "status", "result"], started.EnumerateObject().Select(field => field.Name));
        using (var poll = await service.Client.GetAsync($"/v1/tasks/{taskId}"))
        {
            Assert.NotNull(poll.Headers.RetryAfter?.Delta);
        }

        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(taskId)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("not-a-task")]
    [InlineData("..%2Fhealth")]
    [InlineData("0190f0f0-0000-7000-8000-000000000000")]
    [InlineData("0190f0f0000070008000000000000000")]
    [InlineData("%C3%BC")]
    public async Task An_unknown_or_malformed_task_is_not_found(string taskId)
    {
        using var response = await service.Client.GetAsync($"/v1/tasks/{taskId}");

        await RejectedRequests.AssertErrorAsync(response, 404, "IGA_TASK_NOT_FOUND");
    }

    [Fact]
    public async Task A_healthy_service_says_so()
    {
        foreach (var path in (string[])["/health", "/healthz"])
        {
            Assert.Equal("""{"status":"ok"}""", await service.Client.GetStringAsync(path));
        }

        Assert.Equal(
            """{"status":"ok","checks":[{"name":"database","status":"ok","reason":null},{"name":"migrations","status":"ok","reason":null},"""
            + """{"name":"hub","status":"ok","reason":null},{"name":"staging","status":"ok","reason":null}]}""",
            await service.Client.GetStringAsync("/readyz"));
    }

    private async Task<byte[]> DownloadAsync(string name) => await service.Gcs.GetByteArrayAsync(
        $"storage/v1/b/{Service.Bucket}/o/{Uri.EscapeDataString(name)}?alt=media");

    /// <returns>The hash of the picture that the model gives for a prompt when it is asked directly.</returns>
    private async Task<byte[]> AskModelAsync(string prompt, string aspectRatio)
    {
        using var response = await service.Vertex.PostAsJsonAsync(
            "v1/projects/p/locations/global/publishers/google/models/gemini-3.1-flash-image:generateContent",
            new
            {
                contents = new[] { new { role = "user", parts = new[] { new { text = prompt } } } },
                generationConfig = new { responseModalities = new[] { "TEXT", "IMAGE" }, imageConfig = new { aspectRatio } },
            });
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var picture = body.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
            .Single(part => part.TryGetProperty("inlineData", out _)).GetProperty("inlineData");
        return SHA256.HashData(picture.GetProperty("data").GetBytesFromBase64());
    }

    private async Task AssertMetadataAsync(string name, Guid taskId)
    {
        var metadata = await service.Gcs.GetFromJsonAsync<JsonElement>(
            $"storage/v1/b/{Service.Bucket}/o/{Uri.EscapeDataString(name)}");
        Assert.Equal("image/png", metadata.GetProperty("contentType").GetString());
        Assert.Equal(taskId.ToString(), metadata.GetProperty("metadata").GetProperty("iga_task_id").GetString());
    }

    private async Task AssertRowAsync(string key, Guid taskId, JsonElement result)
    {
        await using var dataSource = NpgsqlDataSource.Create(service.ConnectionString);
        await using var command = dataSource.CreateCommand("""
            select task_name, status, locked_at is null, result_payload::text, error_payload is null, task_id
            from idempotency_keys where idempotency_key in ($1, 'generate_image_vertex_ai_task:' || $1)
            """);
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal("generate_image_vertex_ai_task", reader.GetString(0));
        Assert.Equal("completed", reader.GetString(1));
        Assert.True(reader.GetBoolean(2));
        Assert.True(JsonElement.DeepEquals(result, JsonDocument.Parse(reader.GetString(3)).RootElement));
        Assert.True(reader.GetBoolean(4));
        Assert.Equal(taskId, reader.GetGuid(5));
        Assert.False(await reader.ReadAsync());
    }
}
