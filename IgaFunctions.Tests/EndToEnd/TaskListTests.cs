using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/tasks, GET /v1/usage and GET /v1/stats, as who looks after the service sees them.</summary>
public class TaskListTests(Service service)
{
    private readonly string _workflow = $"workflow {Guid.NewGuid():N} & co";
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    private string OfWorkflow => $"/v1/tasks?workflow_id={Uri.EscapeDataString(_workflow)}";

    [Fact]
    public async Task A_task_that_made_a_picture_is_listed_with_all_that_is_known_of_it()
    {
        var key = Caller.NewKey();
        var id = await SubmitAsync(key, new { prompt = _prompt, aspect_ratio = "16:9", image_size = "2K", output_format = "jpeg" });
        var polled = await service.Client.WaitAsync(id);

        var list = await GetAsync($"/v1/tasks?idempotency_key={key}");

        var task = Assert.Single(list.GetProperty("tasks").EnumerateArray());
        Assert.Equal(
            ["task_id", "status", "result", "workflow_id", "idempotency_key", "caller", "created_at", "ended_at", "prompt", "model", "aspect_ratio",
                "image_size", "output_format", "size_bytes", "content_type", "price_usd", "attempts"],
            task.EnumerateObject().Select(member => member.Name));
        Assert.True(JsonElement.DeepEquals(polled.GetProperty("result"), task.GetProperty("result")), task.ToString());
        Assert.Equal(
            (id, "SUCCESS", _workflow, key, _prompt, "16:9", "2K", "jpeg", "image/jpeg"),
            (task.GetProperty("task_id").GetGuid(), Text(task, "status"), Text(task, "workflow_id"), Text(task, "idempotency_key"),
                Text(task, "prompt"), Text(task, "aspect_ratio"), Text(task, "image_size"), Text(task, "output_format"), Text(task, "content_type")));
        Assert.Equal($"vertex-ai-{Text(task, "model")}", polled.GetProperty("result").GetProperty("model_version").GetString());
        Assert.True(task.GetProperty("size_bytes").GetInt64() > 100);
        Assert.True(task.GetProperty("price_usd").GetDecimal() > 0);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text(task, "created_at"));
        Assert.True(task.GetProperty("created_at").GetDateTimeOffset() <= task.GetProperty("ended_at").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, list.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Pages_follow_one_another_from_the_newest_task_to_the_oldest_each_once()
    {
        List<Guid> posted = [];
        for (var n = 0; n < 5; n++)
        {
            posted.Add(await SubmitAsync(Caller.NewKey(), new { prompt = $"{_prompt} {n}" }));
            await Task.Delay(2); // ids of one millisecond have no order
        }

        await Task.WhenAll(posted.Select(id => service.Client.WaitAsync(id)));

        var pages = await PagesAsync($"{OfWorkflow}&limit=2");
        Assert.Equal([2, 2, 1], pages.Select(page => page.Length));
        Assert.Equal(Enumerable.Reverse(posted), pages.SelectMany(page => page).Select(task => task.GetProperty("task_id").GetGuid()));

        // The page that is just full is the last one.
        Assert.Equal([5], (await PagesAsync($"{OfWorkflow}&limit=5")).Select(page => page.Length));
        Assert.Equal([5], (await PagesAsync(OfWorkflow)).Select(page => page.Length));
    }

    [Fact]
    public async Task A_failed_task_stays_listed_after_its_key_has_made_a_picture()
    {
        var key = Caller.NewKey();
        await service.ModelFaultAsync(_prompt, "return-400");
        var failed = await SubmitAsync(key, new { prompt = _prompt });
        var failure = await service.Client.WaitAsync(failed);
        var made = await SubmitAsync(key, new { prompt = _prompt });
        await service.Client.WaitAsync(made);

        var tasks = (await GetAsync($"/v1/tasks?idempotency_key={key}")).GetProperty("tasks");
        Assert.Equal([made, failed], Ids(tasks));
        Assert.True(tasks[0].GetProperty("created_at").GetDateTimeOffset() <= tasks[0].GetProperty("ended_at").GetDateTimeOffset(), tasks.ToString());
        Assert.True(JsonElement.DeepEquals(failure.GetProperty("result"), tasks[1].GetProperty("result")));
        Assert.Equal(("FAILURE", _prompt, key), (Text(tasks[1], "status"), Text(tasks[1], "prompt"), Text(tasks[1], "idempotency_key")));
        Assert.NotNull(Text(tasks[1], "ended_at"));
        Assert.Equal([failed], Ids((await GetAsync($"{OfWorkflow}&status=FAILURE")).GetProperty("tasks")));
        Assert.Equal([made], Ids((await GetAsync($"{OfWorkflow}&status=SUCCESS")).GetProperty("tasks")));
        Assert.Equal([made, failed], Ids((await GetAsync($"{OfWorkflow}&status=SUCCESS,FAILURE")).GetProperty("tasks")));
        Assert.Empty(Ids((await GetAsync($"{OfWorkflow}&status=PENDING,STARTED,RETRY")).GetProperty("tasks")));
    }

    [Fact]
    public async Task Tasks_in_flight_are_listed_with_the_state_that_a_poll_tells_and_are_found_by_it()
    {
        await service.ModelFaultAsync($"quota of {_prompt}", "return-429", retryAfter: 10);
        var waiting = await SubmitAsync(Caller.NewKey(), new { prompt = $"quota of {_prompt}" });
        await service.Client.WaitAsync(waiting, "RETRY");
        await service.ModelFaultAsync($"slow {_prompt}", "stall-for-3s");
        var running = await SubmitAsync(Caller.NewKey(), new { prompt = $"slow {_prompt}" });

        await Eventually.Async(async () => Ids((await GetAsync($"{OfWorkflow}&status=RETRY")).GetProperty("tasks")).SequenceEqual([waiting]));
        await Eventually.Async(async () => Ids((await GetAsync("/v1/tasks?status=RETRY")).GetProperty("tasks")).Contains(waiting));
        await Eventually.Async(async () =>
            (await GetAsync(OfWorkflow)).GetProperty("tasks").EnumerateArray().Select(task => Text(task, "status")) is var all
            && all.SequenceEqual(["STARTED", "RETRY"]));
        var stats = await EventuallyStatsAsync(stats => stats.GetProperty("retrying").GetInt64() > 0);
        Assert.True(stats.GetProperty("accepted_today").GetInt64() >= 2, stats.ToString());
        await service.Client.WaitAsync(running);
        Assert.Equal([running], Ids((await GetAsync($"{OfWorkflow}&status=SUCCESS")).GetProperty("tasks")));
    }

    [Fact]
    public async Task The_dearest_picture_is_found_and_usage_tells_what_a_workflow_cost()
    {
        var since = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var cheap = await SubmitAsync(Caller.NewKey(), new { prompt = $"{_prompt} cheap", model_id_override = "gemini-2.5-flash-image" });
        var dear = await SubmitAsync(Caller.NewKey(), new { prompt = $"{_prompt} dear", image_size = "4K" });
        await service.ModelFaultAsync($"{_prompt} wrong", "return-400");
        var failed = await SubmitAsync(Caller.NewKey(), new { prompt = $"{_prompt} wrong" });
        var last = await SubmitAsync(Caller.NewKey(), new { prompt = $"{_prompt} as cheap", model_id_override = "gemini-2.5-flash-image" });
        await Task.WhenAll(((Guid[])[cheap, dear, failed, last]).Select(id => service.Client.WaitAsync(id)));

        var tasks = (await PagesAsync($"{OfWorkflow}&order=price&since={since}&limit=1")).SelectMany(page => page).ToArray();
        Assert.Equal(dear, tasks[0].GetProperty("task_id").GetGuid());
        Assert.Equal([cheap, last], tasks[1..].Select(task => task.GetProperty("task_id").GetGuid()).Order());
        Assert.Equal(3, tasks.Length);
        Assert.Empty(Ids((await GetAsync($"{OfWorkflow}&order=price&since={since}&status=FAILURE")).GetProperty("tasks")));

        var usage = await GetAsync($"/v1/usage?by=workflow&since={since}"); // a time that nobody has asked for before
        var row = usage.GetProperty("rows").EnumerateArray().Single(row => Text(row, "workflow_id") == _workflow);
        Assert.Equal((4, 3, 1, 3), (Number(row, "tasks"), Number(row, "succeeded"), Number(row, "failed"), Number(row, "images")));
        Assert.Equal(tasks.Sum(task => task.GetProperty("price_usd").GetDecimal()), row.GetProperty("usd").GetDecimal());
        Assert.True(Number(row, "output_tokens") > 0);
        Assert.True(usage.GetProperty("total").GetProperty("usd").GetDecimal() >= row.GetProperty("usd").GetDecimal());

        var models = (await GetAsync($"/v1/usage?since={since}")).GetProperty("rows").EnumerateArray().ToDictionary(row => Text(row, "model") ?? "");
        Assert.True(Number(models["gemini-2.5-flash-image"], "images") >= 2);
        var days = await GetAsync($"/v1/usage?by=day&since={since}");
        Assert.Equal(DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Text(days.GetProperty("rows").EnumerateArray().Last(), "day"));
        var stats = await EventuallyStatsAsync(stats => stats.GetProperty("spent_today_usd").GetDecimal() >= row.GetProperty("usd").GetDecimal());
        Assert.True(stats.GetProperty("failed_today").GetInt64() > 0 && stats.GetProperty("median_seconds").GetDouble() > 0, stats.ToString());
        Assert.Contains("gemini-2.5-flash-image", stats.GetProperty("spent_today_by_model").EnumerateArray().Select(model => Text(model, "model")));
    }

    private Task<Guid> SubmitAsync(string key, object body) => service.Client.SubmitAsync(key, body, _workflow);

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await service.Client.GetAsync(path);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.StatusCode == HttpStatusCode.OK, body.ToString());
        return body;
    }

    private async Task<List<JsonElement[]>> PagesAsync(string first)
    {
        List<JsonElement[]> pages = [];
        for (var path = first; path is not null && pages.Count < 20;)
        {
            var page = await GetAsync(path);
            pages.Add([.. page.GetProperty("tasks").EnumerateArray()]);
            path = Text(page, "next");
        }

        return pages;
    }

    private async Task<JsonElement> EventuallyStatsAsync(Func<JsonElement, bool> isRight)
    {
        JsonElement stats = default;
        await Eventually.Async(async () => isRight(stats = await GetAsync("/v1/stats")));
        return stats;
    }

    private static IEnumerable<Guid> Ids(JsonElement tasks) => tasks.EnumerateArray().Select(task => task.GetProperty("task_id").GetGuid());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
