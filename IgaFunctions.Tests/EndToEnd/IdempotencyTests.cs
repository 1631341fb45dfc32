using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What a key means, as a caller sees it.</summary>
public class IdempotencyTests(Service service)
{
    [Fact]
    public async Task The_same_request_again_is_answered_with_the_same_task_and_starts_nothing()
    {
        (var key, var prompt) = (Caller.NewKey(), $"once {Guid.NewGuid()}");
        var first = await service.Client.SubmitAsync(key, new { prompt });
        await AssertReplayedAsync(key, first, new { prompt });

        await service.Client.WaitAsync(first);
        await AssertReplayedAsync(key, first, new { prompt });

        Assert.Equal(1, await service.ModelCallsAsync(prompt));
        Assert.Single(await service.ObjectsOfAsync(key));
    }

    [Fact]
    public async Task Defaults_white_space_order_and_unknown_fields_make_no_other_request()
    {
        (var key, var prompt) = (Caller.NewKey(), $"same {Guid.NewGuid()}");
        var first = await service.Client.SubmitAsync(key, new { prompt });

        var body = $$"""
            { "unknown" : [1, {"\ud800": 2}], "model_id_override":"gemini-3.1-flash-image",
              "add_watermark": true, "aspect_ratio": "1:1", "prompt": {{JsonSerializer.Serialize(prompt)}} }
            """;
        var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Idempotency-Key", key);
        using var response = await service.Client.SendAsync(request);
        var replay = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(first, replay.GetProperty("task_id").GetGuid());
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused_and_the_first_goes_on()
    {
        var key = Caller.NewKey();
        var first = await service.Client.SubmitAsync(key, new { prompt = "one" });

        using var response = await service.Client.PostAsync(key, new { prompt = "two" });

        await RejectedRequests.AssertErrorAsync(response, 422, "IGA_IDEMPOTENCY_KEY_REUSED");
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(first)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_key_posted_many_times_at_once_makes_one_image()
    {
        (var key, var prompt) = (Caller.NewKey(), $"storm {Guid.NewGuid()}");

        var tasks = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => service.Client.SubmitAsync(key, new { prompt })));

        var task = Assert.Single(tasks.Distinct());
        await service.Client.WaitAsync(task);
        Assert.Equal(1, await service.ModelCallsAsync(prompt));
        Assert.Single(await service.ObjectsOfAsync(key));
    }

    [Fact]
    public async Task After_a_failure_the_key_starts_a_new_task_and_the_failed_one_stays_readable()
    {
        (var key, var prompt) = (Caller.NewKey(), $"second try {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, "blocked-prompt-200");
        var failed = await service.Client.SubmitAsync(key, new { prompt });
        Assert.Equal("FAILURE", (await service.Client.WaitAsync(failed)).GetProperty("status").GetString());

        var second = await service.Client.SubmitAsync(key, new { prompt });

        Assert.NotEqual(failed, second);
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(second)).GetProperty("status").GetString());
        Assert.Equal("FAILURE", (await service.Client.WaitAsync(failed)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_fresh_row_that_is_none_of_our_tasks_ends_in_the_conflict()
    {
        (var key, var prompt) = (Caller.NewKey(), $"conflict {Guid.NewGuid()}");
        await service.ExecuteAsync(Claims.HoldElsewhere, key);

        var body = await service.Client.GenerateAsync(key, new { prompt });

        Assert.Equal("SUCCESS", body.GetProperty("status").GetString());
        var result = body.GetProperty("result");
        Assert.Equal(["status", "message", "idempotency_key"], result.EnumerateObject().Select(field => field.Name));
        Assert.Equal("PROCESSING_CONFLICT", result.GetProperty("status").GetString());
        Assert.Equal(key, result.GetProperty("idempotency_key").GetString());
        Assert.Equal(0, await service.ModelCallsAsync(prompt));
    }

    [Fact]
    public async Task A_stale_lock_is_taken_over_by_the_next_post_and_the_old_task_writes_nothing_more()
    {
        (var key, var prompt) = (Caller.NewKey(), $"stale {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, "latency-2500ms");
        var old = await service.Client.SubmitAsync(key, new { prompt });
        await service.Client.WaitAsync(old, "STARTED");
        Assert.Equal(1, await service.ExecuteAsync("update idempotency_keys set locked_at = now() - interval '2 days' where idempotency_key = $1", key));

        var heir = await service.Client.SubmitAsync(key, new { prompt });

        Assert.NotEqual(old, heir);
        var image = await service.Client.WaitAsync(heir);
        Assert.True(image.GetProperty("result").TryGetProperty("image_url", out _), image.ToString());
        var conflict = await service.Client.WaitAsync(old);
        Assert.Equal("PROCESSING_CONFLICT", conflict.GetProperty("result").GetProperty("status").GetString());
        Assert.Single(await service.ObjectsOfAsync(key));
    }

    [Fact]
    public async Task A_task_stays_readable_after_the_engines_history_is_purged()
    {
        var key = Caller.NewKey();
        var taskId = await service.Client.SubmitAsync(key, new { prompt = "kept" });
        var before = await service.Client.WaitAsync(taskId);

        await service.PurgeAsync(taskId);

        Assert.True(JsonElement.DeepEquals(before, (await service.Client.PollAsync(taskId)).Body));
    }

    private async Task AssertReplayedAsync(string key, Guid taskId, object body)
    {
        using var response = await service.Client.PostAsync(key, body);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Idempotent-Replayed")));
        var replay = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(taskId, replay.GetProperty("task_id").GetGuid());
    }
}
