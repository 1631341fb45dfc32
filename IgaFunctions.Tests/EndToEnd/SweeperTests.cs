using System.Text.Json;
using Iga.Images;
using Iga.Staging;
using Iga.Tests.Durable;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
using Iga.Workflow;

namespace Iga.Tests.EndToEnd;

/// <summary>What a crash or a terminated orchestration leaves behind is finished without another POST.</summary>
public sealed class SweeperTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private readonly OwnService _service = fixture.Service;
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task A_task_that_was_claimed_but_not_started_is_started()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await Claims.AgeAsync(_service, _key);

        await SweepAsync();

        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(task.TaskId)).GetProperty("status").GetString());
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    [Fact]
    public async Task A_claim_that_is_on_its_way_is_left_to_the_one_who_made_it()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);

        await SweepAsync();

        Assert.Null(await _service.Hub.GetInstanceAsync(task.InstanceId, default));
    }

    [Fact]
    public async Task A_claim_that_is_given_back_while_the_sweeper_looks_is_not_started()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await Claims.AgeAsync(_service, _key);
        var hub = new HubDouble(_service.Hub)
        {
            OnLook = id => id == task.InstanceId
                ? _service.ExecuteAsync("delete from idempotency_keys where idempotency_key = $1", _key)
                : Task.CompletedTask,
        };

        await SweepAsync(hub);

        Assert.Equal(0, await Claims.RowsOfAsync(_service, _key));
        Assert.Null(await _service.Hub.GetInstanceAsync(task.InstanceId, default));
    }

    [Fact]
    public async Task A_live_task_is_not_restarted()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "latency-1500ms", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "STARTED");
        await Claims.AgeAsync(_service, _key);

        await SweepAsync();

        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(id)).GetProperty("status").GetString());
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    [Fact]
    public async Task A_terminated_task_reads_as_revoked_at_once_and_its_key_is_given_free()
    {
        _service.Vertex.Faults.Add("vertex.generateContent", "stall-for-30s", match: _prompt);
        var id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await _service.Client.WaitAsync(id, "STARTED");

        await _service.Hub.TerminateInstanceAsync(id.ToString(), "stop", default);

        var revoked = await _service.Client.WaitAsync(id);
        Controls.AssertFailed(revoked, "task_revoked");
        await Claims.AgeAsync(_service, _key);
        await SweepAsync();
        Assert.Equal(
            "failed task_revoked",
            await _service.ScalarAsync<string>(
                "select status || ' ' || (error_payload->>'type') from idempotency_keys where task_id = $1", id));
        var next = await _service.Client.GenerateAsync(_key, new { prompt = _prompt });
        Assert.Equal("SUCCESS", next.GetProperty("status").GetString());
        Assert.True(JsonElement.DeepEquals(revoked, await _service.Client.WaitAsync(id)));
    }

    [Fact]
    public async Task A_task_that_is_terminated_after_its_upload_leaves_no_object()
    {
        Guid id;
        _service.Gcs.Faults.Add("storage.objects.insert.simple", "stall-for-2s-after-body", match: Service.ObjectStemOf(_key));
        await using (var database = Npgsql.NpgsqlDataSource.Create(_service.ConnectionString))
        await using (var connection = await database.OpenConnectionAsync())
        {
            // The object is there, the answer comes later, and then the completion waits for the row.
            await using var transaction = await connection.BeginTransactionAsync();
            id = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
            await Eventually.Async(() => _service.ObjectsOf(_key).Length == 1);
            await using var hold = new Npgsql.NpgsqlCommand(
                "select 1 from idempotency_keys where idempotency_key = $1 for update", connection, transaction);
            hold.Parameters.Add(new() { Value = _key });
            await hold.ExecuteScalarAsync();
            await Eventually.Async(async () => 1 == await WaitsForLocksAsync());
            await _service.Hub.TerminateInstanceAsync(id.ToString(), null, default);
            await Eventually.Async(async () => 0 == await WaitsForLocksAsync());
        }

        await Claims.AgeAsync(_service, _key);
        await SweepAsync();

        Controls.AssertFailed(await _service.Client.WaitAsync(id), "task_revoked");
        Assert.Empty(_service.ObjectsOf(_key));
    }

    [Fact]
    public async Task A_task_that_failed_in_an_unforeseen_way_gives_its_key_free()
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);
        await _service.Hub.ScheduleNewOrchestrationInstanceAsync(
            ImageWorkflow.Name, null, Once.As(task.InstanceId));
        Controls.AssertFailed(await _service.Client.WaitAsync(task.TaskId), "task_failed");
        await Claims.AgeAsync(_service, _key);

        await SweepAsync();

        var next = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        Assert.NotEqual(task.TaskId, next);
        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(next)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_task_that_can_not_be_finished_does_not_keep_the_others_from_it()
    {
        var stuck = await Claims.LeaveAsync(_service, _key, _prompt);
        var otherKey = Caller.NewKey();
        var other = await Claims.LeaveAsync(_service, otherKey, _prompt + " too");
        await Claims.AgeAsync(_service, _key);
        await Claims.AgeAsync(_service, otherKey);
        var hub = new HubDouble(_service.Hub)
        {
            OnLook = id => id == stuck.InstanceId ? throw new InvalidOperationException("unreadable") : Task.CompletedTask,
        };

        await SweepAsync(hub);

        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(other.TaskId)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Staged_pictures_are_dropped_when_no_task_needs_them_and_never_before()
    {
        _service.Gcs.Faults.Add("storage.objects.insert.simple", "stall-for-3s", match: Service.ObjectStemOf(_key));
        var live = await _service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await Eventually.Async(() => IsStaged(live));
        var claimed = await Claims.LeaveAsync(_service, Caller.NewKey(), _prompt);
        var ended = await _service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt + " ended" });
        await _service.Client.WaitAsync(ended);
        Guid[] needed = [live, claimed.TaskId];
        Guid[] orphans = [ended, Guid.NewGuid()];
        var unknown = Guid.NewGuid();
        foreach (var id in (Guid[])[claimed.TaskId, unknown, .. orphans])
        {
            await _service.Get<IImageStaging>().StageAsync(id, Pictures.Png(400), ImageFormat.Png);
        }

        var young = Guid.NewGuid();
        foreach (var id in (Guid[])[.. needed, unknown, ended])
        {
            File.SetLastWriteTimeUtc(_service.StagedFile(id), DateTime.UtcNow.AddMinutes(-1));
        }

        File.SetLastWriteTimeUtc(_service.StagedFile(orphans[1]), DateTime.UtcNow.AddDays(-8));

        await _service.Get<IImageStaging>().StageAsync(young, Pictures.Png(400), ImageFormat.Png);

        await SweepAsync();

        Assert.All(orphans, id => Assert.False(IsStaged(id)));
        Assert.All((Guid[])[.. needed, unknown, young], id => Assert.True(IsStaged(id)));
        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(live)).GetProperty("status").GetString());
        Assert.Equal(1, _service.ModelCalls(_prompt));
    }

    private Task<long> WaitsForLocksAsync() => _service.ScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

    private bool IsStaged(Guid id) => File.Exists(_service.StagedFile(id));

    private Task SweepAsync(DurableTaskClient? hub = null) =>
        _service.Make<Sweeper>().RunAsync(new TimerInfo(), hub ?? _service.Hub, CancellationToken.None);
}
