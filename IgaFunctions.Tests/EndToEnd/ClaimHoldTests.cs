using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tasks;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A POST that finds a claim in flight holds it, lest it be given back; what if that comes a moment too late?</summary>
public sealed class ClaimHoldTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task A_claim_that_is_given_back_just_before_another_post_holds_it_is_made_anew()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await BeforeTheHoldAsync(task, "delete from idempotency_keys where task_id = old.task_id;");

        using var response = await _service.Client.PostAsync(_key, new { prompt = _prompt });

        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
        var id = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("task_id").GetGuid();
        Assert.NotEqual(task.TaskId, id);
        await Claims.AssertOneImageAsync(_service, id, _key, _prompt);
    }

    [Fact]
    public async Task A_claim_whose_task_fails_just_before_another_post_holds_it_is_taken_over()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await BeforeTheHoldAsync(
            task, "update idempotency_keys set status = 'failed', locked_at = null where task_id = old.task_id;");

        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });

        Assert.NotEqual(task.TaskId, id);
        await Claims.AssertOneImageAsync(_service, id, _key, _prompt);
    }

    // A POST that finds a claim in flight renews its lock next. What another process does right before that, a trigger does here.
    private Task BeforeTheHoldAsync(ImageTask task, string change) => _service.ExecuteAsync($"""
        create function before_hold_{task.TaskId:N}() returns trigger language plpgsql as $$ begin {change} return null; end $$;
        create trigger before_hold_{task.TaskId:N} before update on idempotency_keys for each row
        when (new.task_id = '{task.TaskId}' and new.status = 'processing')
        execute function before_hold_{task.TaskId:N}()
        """);
}
