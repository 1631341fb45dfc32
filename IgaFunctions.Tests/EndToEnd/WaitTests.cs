using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Callers that wait for the end of a task in place of polling for it.</summary>
public class WaitTests(Service service)
{
    /// <summary>Shorter than the waits: an answer within it came because the task ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Theory]
    [InlineData("latency-1500ms", "SUCCESS")]
    [InlineData("return-404", "FAILURE")]
    public async Task A_poll_that_waits_is_answered_when_the_task_ends(string fault, string status)
    {
        await service.ModelFaultAsync(_prompt, fault);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });

        using var response = await GetAsync($"/v1/tasks/{id}?wait=60");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, body.GetProperty("status").GetString());
        Assert.True(JsonElement.DeepEquals(body, (await service.Client.PollAsync(id)).Body), "who was told of the end is told the same again");
        Assert.True(JsonElement.DeepEquals(body, await service.Client.WaitAsync(id)), "and so is every later poll");
    }

    [Fact]
    public async Task A_poll_whose_time_is_up_is_answered_as_without_a_wait()
    {
        await service.ModelFaultAsync(_prompt, "latency-4000ms");
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await service.Client.WaitAsync(id, forStatus: "STARTED");

        using var response = await GetAsync($"/v1/tasks/{id}?wait=1");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($$"""{"task_id":"{{id}}","status":"STARTED","result":null}""", body.GetRawText());
    }

    [Fact]
    public async Task The_details_are_told_after_a_wait_as_well()
    {
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });

        using var response = await GetAsync($"/v1/tasks/{id}?include=details&wait=60");

        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("image/png", body.GetProperty("details").GetProperty("content_type").GetString());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("61")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1&wait=2")]
    [InlineData("99999999999999999999")]
    public async Task A_wait_that_is_no_time_is_refused(string wait)
    {
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });

        using var response = await GetAsync($"/v1/tasks/{id}?wait={wait}");

        await RejectedRequests.AssertErrorAsync(response, 400, "IGA_BAD_REQUEST_QUERY", "wait");
    }

    [Fact]
    public async Task Nobody_waits_for_a_task_that_there_is_not()
    {
        using var response = await GetAsync($"/v1/tasks/{Guid.CreateVersion7()}?wait=60");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("latency-1000ms", "SUCCESS", "image_url")]
    [InlineData("return-404", "FAILURE", "error")]
    public async Task A_post_that_prefers_to_wait_is_answered_with_the_finished_task(string fault, string status, string result)
    {
        await service.ModelFaultAsync(_prompt, fault);

        using var response = await PostAsync("wait=60");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("wait=60", response.Headers.GetValues("Preference-Applied").Single());
        Assert.Contains("Prefer", response.Headers.Vary);
        Assert.Null(response.Headers.RetryAfter);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["task_id", "status", "result"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(status, body.GetProperty("status").GetString());
        Assert.True(body.GetProperty("result").TryGetProperty(result, out _), body.ToString());
        Assert.Equal($"/v1/tasks/{body.GetProperty("task_id").GetGuid()}", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_repeat_that_prefers_to_wait_gets_the_task_that_its_key_has()
    {
        using var first = await PostAsync("wait=60");
        using var second = await PostAsync("wait=60");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal("true", second.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, await service.ModelCallsAsync(_prompt));
    }

    [Fact]
    public async Task A_post_whose_time_is_up_gets_the_usual_202_and_the_task_goes_on()
    {
        await service.ModelFaultAsync(_prompt, "latency-3000ms");

        using var response = await PostAsync("wait=1");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("wait=1", response.Headers.GetValues("Preference-Applied").Single());
        Assert.NotNull(response.Headers.RetryAfter);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ["message", "task_id", "status_url", "idempotency_key_processed"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(body.GetProperty("task_id").GetGuid())).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("wait=60", new[] { "respond-async, WAIT = 60; x=y" })]
    [InlineData("wait=60", new[] { "handling=lenient", "foo=\"a, wait=1\", wait=3600, wait=2" })]
    [InlineData("wait=60", new[] { "wait=\"99999999999999999999\"" })]
    [InlineData(null, new[] { "wait" })]
    [InlineData(null, new[] { "wait=0" })]
    [InlineData(null, new[] { "wait=-1" })]
    [InlineData(null, new[] { "wait=soon, wait=60" })]
    [InlineData(null, new[] { "\"wait=60" })]
    [InlineData(null, new[] { "awaits=60; wait=60" })]
    public async Task The_header_is_read_as_rfc_7240_has_it_and_what_can_not_be_read_is_ignored(string? applied, string[] headers)
    {
        using var response = await PostAsync(headers);

        Assert.Equal(applied is null ? HttpStatusCode.Accepted : HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(applied, response.Headers.TryGetValues("Preference-Applied", out var values) ? values.Single() : null);
    }

    [Fact]
    public async Task A_refused_request_is_refused_at_once_and_as_ever()
    {
        using var response = await PostAsync(["wait=60"], new { prompt = "" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Preference-Applied"));
    }

    private Task<HttpResponseMessage> PostAsync(params string[] prefer) => PostAsync(prefer, new { prompt = _prompt });

    private async Task<HttpResponseMessage> PostAsync(string[] prefer, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Idempotency-Key", _key);
        foreach (var header in prefer)
        {
            request.Headers.TryAddWithoutValidation("Prefer", header);
        }

        using var patience = new CancellationTokenSource(Patience);
        return await service.Client.SendAsync(request, patience.Token);
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await service.Client.GetAsync(path, patience.Token);
    }
}
