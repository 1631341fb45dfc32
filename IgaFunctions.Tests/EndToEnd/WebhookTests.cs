using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A caller that names a callback_url is told when its task has ended.</summary>
public class WebhookTests(Service service)
{
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a \"lighthouse\" & <ö> {Guid.NewGuid()}";

    private WebhookReceiver Receiver
    {
        get
        {
            Assert.SkipWhen(service.Webhooks is null, "The service was started by somebody else and sends no webhooks to this test.");
            return service.Webhooks!;
        }
    }

    [Fact]
    public async Task The_end_of_a_task_is_reported_once_and_as_a_poll_tells_it()
    {
        var url = Receiver.NewUrl();
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });

        var webhook = (await Receiver.WaitAsync(url))[0];

        var polled = await service.Client.WaitAsync(id);
        Assert.Equal(["type", "timestamp", "data"], webhook.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("task.succeeded", webhook.Json.GetProperty("type").GetString());
        Assert.Equal(polled.GetRawText(), webhook.Json.GetProperty("data").GetRawText());
        Assert.InRange(webhook.Json.GetProperty("timestamp").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal($"msg_{id:N}", webhook.Id);
        Assert.Equal("?token=of-the-receiver", webhook.Query);
        Assert.StartsWith("application/json", webhook.Headers["Content-Type"], StringComparison.Ordinal);
        webhook.AssertVerifies(WebhookReceiver.NewSecret);
        webhook.AssertVerifies(WebhookReceiver.OldSecret);

        await AssertDetailsAsync(id, url, "delivered", attempts: 1, lastError: null);
        Assert.Single(Receiver.Of(url));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_sent_the_same_again_under_the_same_id()
    {
        var url = Receiver.NewUrl(503);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });

        // The task has its end long before the webhook is taken.
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(id)).GetProperty("status").GetString());
        var (first, second) = (await Receiver.WaitAsync(url, count: 2)) is [var one, var other] ? (one, other) : throw new InvalidOperationException();

        Assert.Equal((first.Id, first.Text), (second.Id, second.Text));
        Assert.NotEqual(first.Headers["webhook-timestamp"], second.Headers["webhook-timestamp"]);
        second.AssertVerifies(WebhookReceiver.NewSecret);
        await AssertDetailsAsync(id, url, "delivered", attempts: 2, lastError: null);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone()
    {
        var url = Receiver.NewUrl(410);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });

        await Receiver.WaitAsync(url);

        await AssertDetailsAsync(id, url, "given_up", attempts: 1, "answered 410");
    }

    [Fact]
    public async Task A_cancelled_task_is_reported_by_whoever_cancelled_it()
    {
        var url = Receiver.NewUrl();
        await service.ModelFaultAsync(_prompt, "return-429", retryAfter: 60);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });
        await service.Client.WaitAsync(id, "RETRY");
        await service.Client.CancelAsync(id);

        var webhook = (await Receiver.WaitAsync(url))[0];

        Assert.Equal("task.failed", webhook.Json.GetProperty("type").GetString());
        Assert.Contains("task_revoked", webhook.Text, StringComparison.Ordinal);
        var ended = (await service.Client.DetailsAsync(id)).GetProperty("ended_at").GetDateTimeOffset();

        // The sweeper, which makes up for whoever died, comes after half a minute at the earliest.
        Assert.InRange((webhook.Json.GetProperty("timestamp").GetDateTimeOffset() - ended).TotalSeconds, -1, 25);
    }

    [Fact]
    public async Task A_task_that_fails_is_reported_and_the_next_one_of_its_key_too()
    {
        var url = Receiver.NewUrl();
        await service.ModelFaultAsync(_prompt, "blocked-prompt-200");
        var body = new { prompt = _prompt, callback_url = url };
        var failed = await service.Client.SubmitAsync(_key, body);
        await Receiver.WaitAsync(url);
        var next = await service.Client.SubmitAsync(_key, body);

        var webhooks = await Receiver.WaitAsync(url, count: 2);

        Assert.NotEqual(failed, next);
        Assert.Equal([$"msg_{failed:N}", $"msg_{next:N}"], webhooks.Select(webhook => webhook.Id));
        Assert.Equal(["task.failed", "task.succeeded"], webhooks.Select(webhook => webhook.Json.GetProperty("type").GetString()));
        Assert.Equal(
            "prompt_blocked", webhooks[0].Json.GetProperty("data").GetProperty("result").GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_task_that_finds_its_key_with_another_holder_is_reported()
    {
        var url = Receiver.NewUrl();
        await service.ExecuteAsync(Claims.HoldElsewhere, _key);

        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });

        var webhook = (await Receiver.WaitAsync(url))[0];
        Assert.Equal(($"msg_{id:N}", "task.conflict"), (webhook.Id, webhook.Json.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task The_address_is_a_part_of_the_request_and_a_repeat_reports_nothing_new()
    {
        var url = Receiver.NewUrl();
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });
        await Receiver.WaitAsync(url);

        Assert.Equal(id, await service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url }));
        foreach (var other in (object[])[new { prompt = _prompt }, new { prompt = _prompt, callback_url = Receiver.NewUrl() }])
        {
            using var refused = await service.Client.PostAsync(_key, other);
            Assert.Equal(422, (int)refused.StatusCode);
        }

        await AssertDetailsAsync(id, url, "delivered", attempts: 1, lastError: null);
        Assert.Single(Receiver.Of(url));
    }

    [Theory]
    [InlineData("http://example.com/hook", "must begin with https://")]
    [InlineData("https://example.com/hook", "names a host that this service does not call")]
    [InlineData("https://127.0.0.1/hook", "must name its host, not an IP address")]
    public async Task An_address_that_is_not_called_is_refused(string url, string why)
    {
        Assert.SkipWhen(service.Webhooks is null, "The service may have webhooks switched off.");
        using var response = await service.Client.PostAsync(_key, new { prompt = _prompt, callback_url = url });
        await RejectedRequests.AssertErrorAsync(response, 400, "IGA_BAD_REQUEST_CALLBACK_URL", $"Field callback_url {why}");
    }

    private async Task AssertDetailsAsync(Guid id, string url, string state, int attempts, string? lastError)
    {
        JsonElement callback = default;
        await Eventually.Async(async () =>
        {
            var task = await service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{id}?include=details");
            callback = task.GetProperty("details").GetProperty("callback");
            return callback.GetProperty("state").GetString() != "pending";
        });
        Assert.Equal(["url", "state", "attempts", "last_at", "last_error"], callback.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            (url.Split('?')[0], state, attempts, lastError),
            (callback.GetProperty("url").GetString(), callback.GetProperty("state").GetString(), callback.GetProperty("attempts").GetInt32(),
                callback.GetProperty("last_error").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", callback.GetProperty("last_at").GetString());
    }
}
