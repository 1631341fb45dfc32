using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A task that failed can be tried again without its request at hand.</summary>
public class RetryTests(Service service) : RejectedRequests(service)
{
    private readonly Service _service = service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"retried {Guid.NewGuid()}";

    [Fact]
    public async Task The_request_of_a_failed_task_is_posted_again_under_its_key()
    {
        var failed = await FailAsync();

        using var response = await Client.PostAsync($"/v1/tasks/{failed}/retry", JsonContent.Create(new { }));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["message", "task_id", "status_url", "idempotency_key_processed"], body.EnumerateObject().Select(field => field.Name));
        var id = body.GetProperty("task_id").GetGuid();
        Assert.NotEqual(failed, id);
        Assert.Equal(_key, body.GetProperty("idempotency_key_processed").GetString());
        Assert.Equal($"/v1/tasks/{id}", response.Headers.Location?.ToString());
        Assert.Equal("the workflow", Assert.Single(response.Headers.GetValues("X-Workflow-ID")));
        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
        var end = await Client.WaitAsync(id);
        Assert.Equal(_prompt, end.GetProperty("result").GetProperty("prompt_used").GetString());
        Assert.EndsWith(".jpg", Assert.Single(await _service.ObjectsOfAsync(_key)), StringComparison.Ordinal); // as was asked for
        Assert.Equal("FAILURE", (await Client.PollAsync(failed)).Body.GetProperty("status").GetString());
    }

    [Fact]
    public async Task However_often_it_is_asked_for_there_is_one_new_task()
    {
        var failed = await FailAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.RetryAsync(failed)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        var id = Assert.Single(answers.Select(answer => answer.Body.GetProperty("task_id").GetGuid()).Distinct());
        Assert.Equal("SUCCESS", (await Client.WaitAsync(id)).GetProperty("status").GetString());
        var late = await Client.RetryAsync(failed);
        Assert.Equal((HttpStatusCode.Accepted, id), (late.Status, late.Body.GetProperty("task_id").GetGuid()));
        Assert.Equal(2, await _service.ModelCallsAsync(_prompt));
    }

    [Fact]
    public async Task A_task_that_did_not_fail_is_not_tried_again()
    {
        await _service.ModelFaultAsync(_prompt, "latency-2000ms");
        var id = await Client.SubmitAsync(_key, new { prompt = _prompt });
        Controls.AssertError(await Client.RetryAsync(id), 409, "IGA_TASK_NOT_FAILED");
        await Client.WaitAsync(id);

        Controls.AssertError(await Client.RetryAsync(id), 409, "IGA_TASK_NOT_FAILED");
        Assert.Equal(1, await _service.ModelCallsAsync(_prompt));
    }

    [Theory]
    [InlineData("cancel", "{}", "application/json", 404, "IGA_TASK_NOT_FOUND")]
    [InlineData("retry", "  ", "application/json", 404, "IGA_TASK_NOT_FOUND")]
    [InlineData("cancel", """{"force": true}""", "application/json", 400, "IGA_INVALID_PAYLOAD")]
    [InlineData("retry", "[]", "application/json", 400, "IGA_INVALID_PAYLOAD")]
    [InlineData("retry", "{", "application/json", 400, "IGA_MALFORMED_JSON")]
    [InlineData("cancel", "a=b", "application/x-www-form-urlencoded", 415, "IGA_UNSUPPORTED_MEDIA_TYPE")]
    [InlineData("cancel", null, "application/json", 413, "IGA_PAYLOAD_TOO_LARGE")]
    public async Task A_wrong_request_is_refused(string verb, string? body, string type, int status, string errorCode)
    {
        foreach (var id in new[] { Guid.CreateVersion7().ToString(), "no-id", Guid.Empty.ToString("N") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/tasks/{id}/{verb}")
            {
                Content = new StringContent(body ?? new string(' ', 2000), Encoding.UTF8, type),
            };
            await AssertRefusedAsync(request, status, errorCode, "");
        }
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("retry")]
    public async Task Nothing_but_a_post_changes_a_task(string verb)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var response = await Client.SendAsync(new HttpRequestMessage(method, $"/v1/tasks/{Guid.NewGuid()}/{verb}"));
            Assert.True(response.StatusCode == (IsOnFunctions ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed), $"{method}: {response}");
        }
    }

    private async Task<Guid> FailAsync()
    {
        await _service.ModelFaultAsync(_prompt, "blocked-prompt-400");
        var id = await Client.SubmitAsync(_key, new { prompt = _prompt, output_format = "jpeg" }, "the workflow");
        Assert.Equal("FAILURE", (await Client.WaitAsync(id)).GetProperty("status").GetString());
        return id;
    }
}
