using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/tasks/events, as who watches tasks sees it.</summary>
public class TaskEventsTests(Service service)
{
    private readonly string _workflow = $"workflow {Guid.NewGuid():N}";
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    private string OfWorkflow => $"?workflow_id={Uri.EscapeDataString(_workflow)}";

    [Fact]
    public async Task A_task_is_told_of_from_its_acceptance_to_its_end_as_the_list_tells_it()
    {
        await using var events = await EventListener.OpenAsync(service.Client, OfWorkflow);
        await service.ModelFaultAsync(_prompt, "return-429", retryAfter: 4);
        var id = await SubmitAsync(_prompt);

        var seen = await events.UntilAsync(task => Status(task) == "SUCCESS");

        Assert.All(seen, task => Assert.Equal(id, Id(task)));
        var states = seen.Select(Status).ToArray();
        Assert.Contains("RETRY", states);
        Assert.DoesNotContain("PENDING", states.Skip(1));
        Assert.All(states.Zip(states.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        var listed = await service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks{OfWorkflow}");
        Assert.True(JsonElement.DeepEquals(listed.GetProperty("tasks")[0], seen[^1]), $"{seen[^1]}\n{listed}");

        // It is not told again of what others do.
        var other = await SubmitAsync("another one");
        Assert.All(await events.UntilAsync(task => Status(task) == "SUCCESS"), task => Assert.Equal(other, Id(task)));
    }

    [Fact]
    public async Task Only_what_the_filters_let_through_is_told()
    {
        var key = Caller.NewKey();
        await using var failures = await EventListener.OpenAsync(service.Client, $"{OfWorkflow}&status=FAILURE");
        await using var ends = await EventListener.OpenAsync(service.Client, $"{OfWorkflow}&status=SUCCESS,FAILURE");
        await using var ofKey = await EventListener.OpenAsync(service.Client, $"?idempotency_key={key}");
        await service.ModelFaultAsync($"gone {_prompt}", "return-404");
        var made = await SubmitAsync(_prompt, key);
        await service.Client.WaitAsync(made);
        var failed = await SubmitAsync($"gone {_prompt}");

        var failure = Assert.Single(await failures.UntilAsync(task => Status(task) == "FAILURE"));
        Assert.Equal((failed, "model_not_found"), (Id(failure), failure.GetProperty("result").GetProperty("error").GetProperty("type").GetString()));
        Assert.Equal([(made, "SUCCESS"), (failed, "FAILURE")], (await ends.UntilAsync(task => Id(task) == failed)).Select(task => (Id(task), Status(task))));
        Assert.All(await ofKey.UntilAsync(task => Status(task) == "SUCCESS"), task => Assert.Equal(made, Id(task)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_back_with_the_last_id_is_told_what_it_missed(bool byHeader)
    {
        string last;
        await using (var events = await EventListener.OpenAsync(service.Client, OfWorkflow))
        {
            await SubmitAsync("the first");
            await events.UntilAsync(task => Status(task) == "SUCCESS");
            last = events.LastEventId;
        }

        await service.ModelFaultAsync($"gone {_prompt}", "return-404");
        await service.ModelFaultAsync($"slow {_prompt}", "stall-for-3s");
        var made = await SubmitAsync(_prompt);
        var failed = await SubmitAsync($"gone {_prompt}");
        var running = await SubmitAsync($"slow {_prompt}");
        await Task.WhenAll(service.Client.WaitAsync(made), service.Client.WaitAsync(failed));

        await using var again = await EventListener.OpenAsync(
            service.Client, byHeader ? OfWorkflow : $"{OfWorkflow}&last_event_id={last}", byHeader ? last : null);
        var seen = await again.UntilAsync(task => Id(task) == running && Status(task) == "SUCCESS");

        Assert.Contains((made, "SUCCESS"), seen.Select(task => (Id(task), Status(task))));
        Assert.Contains((failed, "FAILURE"), seen.Select(task => (Id(task), Status(task))));

        // A moment may be told twice, but no task goes back.
        Assert.All(seen.GroupBy(Id, Status), states =>
        {
            var end = states.SkipWhile(state => state is not ("SUCCESS" or "FAILURE"));
            Assert.True(end.Distinct().Count() <= 1, string.Join(' ', states));
        });
    }

    [Fact]
    public async Task Even_before_its_first_event_a_stream_has_an_id_to_come_back_with()
    {
        string last;
        await using (var events = await EventListener.OpenAsync(service.Client, OfWorkflow))
        {
            // Nothing of this workflow has happened yet; the block at the stream's begin has the id.
            await SubmitAsync("to have something to read");
            await events.NextAsync();
            last = events.LastEventId;
        }

        Assert.Matches("^[0-9]+-[0-9a-f]{32}$", last);
        using var response = await service.Client.GetAsync("/v1/tasks/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 2000", await lines.ReadLineAsync());
        Assert.Matches("^id: [0-9]+-0{32}$", await lines.ReadLineAsync());
    }

    [Fact]
    public async Task A_prompt_can_not_make_up_an_event()
    {
        var prompt = $"{_prompt}\r\n\r\nevent: task\r\ndata: {{}}\n\n: \u2028 id: 0";
        await using var events = await EventListener.OpenAsync(service.Client, OfWorkflow);
        await SubmitAsync(prompt);

        Assert.All(await events.UntilAsync(task => Status(task) == "SUCCESS"), task => Assert.Equal(prompt, task.GetProperty("prompt").GetString()));
    }

    [Theory]
    [InlineData("?status=DONE", null)]
    [InlineData("?since=2026-11-28T00:00:00Z", null)]
    [InlineData("?workflow_id=a&workflow_id=b", null)]
    [InlineData("?caller=", null)]
    [InlineData("?last_event_id=yesterday", null)]
    [InlineData("?last_event_id=1-0123456789abcdef0123456789ABCDEF", null)]
    [InlineData("?last_event_id=99999999999999999999-00000000000000000000000000000000", null)]
    [InlineData("", "%00")]
    public async Task What_can_not_be_meant_is_refused(string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/events{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        await RejectedRequests.AssertErrorAsync(response, 400, "IGA_BAD_REQUEST_QUERY", lastEventId is null ? query.Split('?', '=')[1] : "Last-Event-ID");
    }

    [Fact]
    public async Task HEAD_tells_the_headers_and_opens_no_stream()
    {
        using var response = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/tasks/events"));

        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    private Task<Guid> SubmitAsync(string prompt, string? key = null) =>
        service.Client.SubmitAsync(key ?? Caller.NewKey(), new { prompt }, _workflow);

    private static Guid Id(JsonElement task) => task.GetProperty("task_id").GetGuid();

    private static string Status(JsonElement task) => task.GetProperty("status").GetString()!;
}
