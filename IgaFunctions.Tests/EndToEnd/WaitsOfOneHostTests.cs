using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Configuration;
using Iga.Tests.Fixtures;
using Iga.Waiting;

namespace Iga.Tests.EndToEnd;

/// <summary>Waits with a host of their own, which is short of places, stops, or is cut off from its database meanwhile.</summary>
public sealed class WaitsOfOneHostTests
{
    /// <summary>Shorter than the waits: what is answered within it did not wait for the end of its time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task The_end_of_a_task_that_another_process_ran_ends_the_wait()
    {
        await using var service = await OwnService.StartAsync();
        var task = await Claims.LeaveAsync(service, _key, _prompt);
        var answer = GetAsync(service, $"/v1/tasks/{task.TaskId}?wait=60");
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 1);

        await Claims.FailElsewhereAsync(service, task.TaskId);

        var (status, body) = await answer;
        Assert.Equal((HttpStatusCode.OK, "FAILURE"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task The_end_of_a_task_that_lost_its_row_ends_the_wait()
    {
        await using var service = await OwnService.StartAsync();
        var task = await Claims.LeaveAsync(service, _key, _prompt);
        var answer = GetAsync(service, $"/v1/tasks/{task.TaskId}?wait=60");
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 1);

        await service.ExecuteAsync("delete from idempotency_keys where task_id = $1", task.TaskId);
        await service.ExecuteAsync(
            """
            insert into iga_task_archive (task_id, idempotency_key, result_payload)
            values ($1, $2, '{"status": "PROCESSING_CONFLICT", "message": "m", "idempotency_key": "k"}')
            """, task.TaskId, _key);

        var (status, body) = await answer;
        Assert.Equal((HttpStatusCode.OK, "SUCCESS"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Beyond_the_limit_nobody_waits_and_nobody_is_refused()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_MAX_WAITS"] = "1");
        var id = await SubmitSlowlyAsync(service);
        using var hangUp = new CancellationTokenSource();
        var waiting = service.Client.GetAsync($"/v1/tasks/{id}?wait=60", hangUp.Token);
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 1);

        var (status, _) = await GetAsync(service, $"/v1/tasks/{id}?wait=60");
        Assert.Equal(HttpStatusCode.Accepted, status);
        using (var post = await PostAsync(service))
        {
            Assert.Equal(HttpStatusCode.Accepted, post.StatusCode);
            Assert.False(post.Headers.Contains("Preference-Applied"));
        }

        // Who hangs up makes room for the next, and the task goes on.
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 0);
        (status, var body) = await GetAsync(service, $"/v1/tasks/{id}?wait=60");
        Assert.Equal((HttpStatusCode.OK, "SUCCESS"), (status, body.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task One_key_has_half_of_the_places_at_most()
    {
        const string one = "one-one-one-one-one-one-1";
        const string two = "two-two-two-two-two-two-2";
        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_MAX_WAITS"] = "2";
            settings["IGA_API_KEYS"] = $"one:{one},two:{two}";
        });
        service.Client.DefaultRequestHeaders.Add("x-functions-key", one);
        using var other = new HttpClient { BaseAddress = service.Client.BaseAddress };
        other.DefaultRequestHeaders.Add("x-functions-key", two);
        var id = await SubmitSlowlyAsync(service);
        var ofOne = service.Client.GetAsync($"/v1/tasks/{id}?wait=60");
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 1);

        Assert.Equal(HttpStatusCode.Accepted, (await GetAsync(service, $"/v1/tasks/{id}?wait=60")).Status);

        using var ofTwo = await other.GetAsync($"/v1/tasks/{id}?wait=60");
        Assert.Equal(HttpStatusCode.OK, ofTwo.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ofOne).StatusCode);
    }

    [Fact]
    public async Task A_stop_answers_those_who_wait_at_once()
    {
        await using var service = await OwnService.StartAsync();
        service.Vertex.Faults.Add("vertex.generateContent", "latency-4000ms", match: _prompt);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await service.Client.WaitAsync(id, forStatus: "STARTED");
        var poll = GetAsync(service, $"/v1/tasks/{id}?wait=60");
        var post = PostAsync(service);
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 2);

        var stop = service.Host.StopAsync();

        // The stop itself still waits for the call of the model, which is paid for.
        var (status, body) = await poll;
        Assert.Equal((HttpStatusCode.Accepted, "STARTED"), (status, body.GetProperty("status").GetString()));
        Assert.Equal(HttpStatusCode.Accepted, (await post).StatusCode);
        await stop.WaitAsync(Patience);
        (await post).Dispose();
    }

    [Fact]
    public async Task A_database_that_goes_away_meanwhile_makes_the_answer_that_of_a_poll()
    {
        await using var service = await OwnService.StartAsync();
        var task = await Claims.LeaveAsync(service, _key, _prompt);
        var answer = GetAsync(service, $"/v1/tasks/{task.TaskId}?wait=2");
        await Eventually.Async(() => service.Get<TaskWaits>().Count == 1);

        service.Gate.Refuse();

        var (status, body) = await answer;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);

        // Whichever of the two is asked last: on the local host both are in the database.
        Assert.Contains(body.GetProperty("error_code").GetString(), (string[])["IGA_TASK_HUB_UNAVAILABLE", "IGA_IDEMPOTENCY_STORE_UNAVAILABLE"]);
        service.Gate.Open();
    }

    [Theory]
    [InlineData("IGA_MAX_WAITS", "-1")]
    [InlineData("IGA_MAX_STREAMS", "many")]
    [InlineData("IGA_MAX_WAITS", "40")]
    public async Task A_wrong_limit_stops_the_start_and_is_named(string name, string value)
    {
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => OwnService.StartAsync(settings =>
        {
            settings["IGA_MAX_CONNECTIONS"] = "40";
            settings[name] = value;
        }));

        Assert.Contains(name, failure.Message, StringComparison.Ordinal);
    }

    private async Task<Guid> SubmitSlowlyAsync(OwnService service)
    {
        service.Vertex.Faults.Add("vertex.generateContent", "latency-3000ms", match: _prompt);
        return await service.Client.SubmitAsync(_key, new { prompt = _prompt });
    }

    private async Task<HttpResponseMessage> PostAsync(OwnService service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = JsonContent.Create(new { prompt = _prompt }) };
        request.Headers.Add("X-Idempotency-Key", _key);
        request.Headers.Add("Prefer", "wait=60");
        using var patience = new CancellationTokenSource(Patience);
        return await service.Client.SendAsync(request, patience.Token);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(OwnService service, string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var response = await service.Client.GetAsync(path, patience.Token);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(patience.Token));
    }
}
