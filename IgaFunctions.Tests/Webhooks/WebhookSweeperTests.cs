using Iga.Keys;
using Iga.Tests.Architecture;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Webhooks;
using Iga.Webhooks.Delivery;
using Iga.Workflow;

namespace Iga.Tests.Webhooks;

/// <summary>What a crash, an outage or an end from outside leaves of webhooks is made up for.</summary>
public sealed class WebhookSweeperTests : IAsyncLifetime
{
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private WebhookReceiver _receiver = null!;
    private OwnService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _service = await OwnService.StartAsync(_receiver.AddTo);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_delivery_that_could_not_be_started_is_started_later_and_the_task_has_succeeded_all_the_same()
    {
        await _service.ExecuteAsync("alter table iga_callbacks add constraint no_end check (ended_at is null)");
        var url = _receiver.NewUrl();
        var id = await SubmitAsync(url);
        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(id)).GetProperty("status").GetString());
        Assert.Empty(_receiver.Of(url));
        await _service.ExecuteAsync("alter table iga_callbacks drop constraint no_end");

        await MakeDueAsync();
        await SweepAsync();

        Assert.Equal($"msg_{id:N}", (await _receiver.WaitAsync(url))[0].Id);
    }

    [Fact]
    public async Task The_end_of_a_terminated_task_is_reported()
    {
        var url = _receiver.NewUrl();
        _service.Vertex.Faults.Add("vertex.generateContent", "stall-for-30s", match: _prompt);
        var id = await SubmitAsync(url);
        await _service.Client.WaitAsync(id, "STARTED");
        await MakeDueAsync();
        await SweepAsync();
        Assert.Empty(_receiver.Of(url)); // it has not ended

        await _service.Hub.TerminateInstanceAsync(id.ToString(), "stop", default);
        await Claims.AgeAsync(_service, _key);
        await _service.Make<Sweeper>().RunAsync(new TimerInfo(), _service.Hub, default);
        await MakeDueAsync();
        await SweepAsync();

        var webhook = (await _receiver.WaitAsync(url))[0];
        Assert.Equal("task.failed", webhook.Json.GetProperty("type").GetString());
        Assert.Contains("task_revoked", webhook.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_whose_time_has_come_is_made_by_one_of_the_processes_that_sweep()
    {
        var url = _receiver.NewUrl(503, 503);
        await SubmitAsync(url);
        await _receiver.WaitAsync(url);
        await SettledAsync(url, "attempts = 1");

        // Long waits are the sweeper's; the run that waits for the short one is made void.
        await MakeDueAsync();
        await Task.WhenAll(SweepAsync(), SweepAsync(), SweepAsync());
        await SettledAsync(url, "attempts = 2");
        await MakeDueAsync();
        await Task.WhenAll(SweepAsync(), SweepAsync(), SweepAsync());
        await SettledAsync(url, "state = 'delivered' and last_error is null and attempts = 3");

        Assert.Equal(3, _receiver.Of(url).Length);
        Assert.Single(_receiver.Of(url).Select(webhook => webhook.Id).Distinct());
    }

    [Fact]
    public async Task After_a_day_of_failures_it_is_given_up()
    {
        var url = _receiver.NewUrl(500, 500);
        await SubmitAsync(url);
        await SettledAsync(url, "attempts = 1 and state = 'pending' and last_error = 'answered 500'");

        await _service.ExecuteAsync("update iga_callbacks set ended_at = now() - interval '24 hours'");
        await MakeDueAsync();
        await SweepAsync();

        await SettledAsync(url, "state = 'given_up' and attempts = 2");
        await MakeDueAsync();
        await SweepAsync();
        Assert.Equal(2, _receiver.Of(url).Length);

        // As the operator's page says.
        var page = await File.ReadAllTextAsync(Path.Combine(Sources.Root, "docs", "webhooks.md"));
        var sendAgain = page.Split("```sql")[1].Split("```")[0].Replace("https://hooks.example.com", _receiver.Origin, StringComparison.Ordinal);
        await _service.ExecuteAsync(sendAgain);
        await SweepAsync();
        await SettledAsync(url, "state = 'delivered' and attempts = 3");
    }

    [Fact]
    public async Task Addresses_are_erased_once_nothing_is_sent_there_any_more()
    {
        var (delivered, pending) = (_receiver.NewUrl(), _receiver.NewUrl(503));
        var id = await SubmitAsync(delivered);
        await SettledAsync(delivered, "state = 'delivered'");
        await _service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt, callback_url = pending });
        await SettledAsync(pending, "attempts = 1");

        await _service.Make<TaskErasure>().EraseAsync(DateTimeOffset.UtcNow.AddMinutes(1), default);

        Assert.Equal("[erased]", await _service.ScalarAsync<string>("select url from iga_callbacks where task_id = $1", id));
        Assert.Equal(1, await _service.ScalarAsync<long>("select count(*) from iga_callbacks where url = $1", pending));
        Assert.Equal(0, await _service.ScalarAsync<long>("select count(*) from idempotency_keys k where k::text like '%callback_url%'"));
    }

    [Fact]
    public async Task The_webhook_of_a_claim_that_was_given_back_is_forgotten()
    {
        var url = _receiver.NewUrl();
        var task = Claims.NewTask(_key, _prompt);
        task = task with { Request = task.Request with { CallbackUrl = url } };
        var store = _service.Get<IdempotencyStore>();
        Assert.IsType<Claim.Won>(await store.ClaimAsync(task, default));
        Assert.Equal(1, await CountAsync());
        await store.ReleaseAsync(task, default);

        await MakeDueAsync();
        await SweepAsync();

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_run_that_another_one_has_taken_the_place_of_sends_nothing()
    {
        var url = _receiver.NewUrl(503);
        var id = await SubmitAsync(url);
        await SettledAsync(url, "attempts = 1");

        Assert.Equal(0, await _service.Make<DeliverWebhook>().RunAsync(new WebhookRun(id, 99), default));

        Assert.Single(_receiver.Of(url));
    }

    private Task<Guid> SubmitAsync(string url) => _service.Client.SubmitAsync(_key, new { prompt = _prompt, callback_url = url });

    private Task MakeDueAsync() => _service.ExecuteAsync("update iga_callbacks set next_at = now() - interval '1 second'");

    private Task SweepAsync() => _service.Make<WebhookSweeper>().RunAsync(new TimerInfo(), _service.Hub, default);

    private Task<long> CountAsync() => _service.ScalarAsync<long>("select count(*) from iga_callbacks");

    private Task SettledAsync(string url, string condition) => Eventually.Async(async () =>
        1 == await _service.ScalarAsync<long>($"select count(*) from iga_callbacks where url = $1 and {condition}", url));
}
