using System.Text.Json;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Determinism;

/// <summary>
/// The service with an orchestrator that is thrown away and replayed after every step: what is not deterministic in it fails
/// the task.
/// </summary>
public sealed class ReplayedWorkflowTests : IAsyncLifetime
{
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private WebhookReceiver _receiver = null!;
    private OwnService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _service = await OwnService.StartAsync(_receiver.AddTo, options => options with { ReplayAfterEveryStep = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Every_way_through_the_workflow_survives_a_replay_after_every_step()
    {
        await Task.WhenAll(
            SucceedsAsync("plain"),
            SucceedsAsync("busy model", model: ["return-429", "return-503", "return-503"]),
            SucceedsAsync("lost answer", model: ["return-reset-connection"]),
            SucceedsAsync("lost upload", upload: ["return-503", "return-503", "return-503", "return-503-after-body"]),
            FailsAsync("blocked", "prompt_blocked", model: "blocked-prompt-200"),
            FailsAsync("no such model", "model_not_found", model: "return-404"),
            FailsAsync("denied", "storage_denied", upload: "return-403"),
            ConflictsAsync(),
            LosesItsKeyAsync(),
            ReportsAsync());
    }

    private async Task ReportsAsync()
    {
        var url = _receiver.NewUrl(503);
        await _service.Client.GenerateAsync(_key + "reported", new { prompt = _prompt + "reported", callback_url = url });
        await _receiver.WaitAsync(url, count: 2);
        await Eventually.Async(async () => 1 == await _service.ScalarAsync<long>(
            "select count(*) from iga_runtime.instances where instance_id like 'webhook-%' and status = 1")); // completed
    }

    private async Task SucceedsAsync(string name, string[]? model = null, string[]? upload = null)
    {
        Script(name, model ?? [], upload ?? []);
        var body = await _service.Client.GenerateAsync(_key + name, new { prompt = _prompt + name });
        Assert.True(body.GetProperty("result").TryGetProperty("image_url", out _), $"{name}: {body}");
        Assert.Single(_service.ObjectsOf(_key + name));
    }

    private async Task FailsAsync(string name, string type, string? model = null, string? upload = null)
    {
        Script(name, model is null ? [] : [model], upload is null ? [] : [upload]);
        Controls.AssertFailed(await _service.Client.GenerateAsync(_key + name, new { prompt = _prompt + name }), type);
    }

    private async Task ConflictsAsync()
    {
        var key = _key + "conflict";
        await _service.ExecuteAsync(Claims.HoldElsewhere, key);
        AssertConflict(await _service.Client.GenerateAsync(key, new { prompt = _prompt }));
    }

    private async Task LosesItsKeyAsync()
    {
        Script("key away", ["return-503", "return-503", "return-503"], []);
        var id = await _service.Client.SubmitAsync(_key + "key away", new { prompt = _prompt + "key away" });
        await _service.Client.WaitAsync(id, "RETRY");
        await _service.ExecuteAsync(
            "update idempotency_keys set task_id = gen_random_uuid() where idempotency_key = $1", _key + "key away");
        AssertConflict(await _service.Client.WaitAsync(id));
    }

    private void Script(string name, string[] model, string[] upload)
    {
        foreach (var fault in model)
        {
            _service.Vertex.Faults.Add("vertex.generateContent", fault, match: _prompt + name);
        }

        foreach (var fault in upload)
        {
            _service.Gcs.Faults.Add("storage.objects.insert.simple", fault, match: Service.ObjectStemOf(_key + name));
        }
    }

    private static void AssertConflict(JsonElement body) => Assert.Equal(
        "PROCESSING_CONFLICT", body.GetProperty("result").GetProperty("status").GetString());
}
