using System.Text.Json;
using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Workflow;

namespace Iga.Tests.Keys;

/// <summary>Records of tasks that ended long ago are deleted, and nothing else is; a key whose record is gone is a new one.</summary>
public sealed class RetentionTests : IAsyncDisposable
{
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private OwnService _service = null!;

    private static DateTimeOffset Soon => DateTimeOffset.UtcNow.AddMinutes(1);

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Records_of_ended_tasks_are_deleted_and_keys_in_flight_and_rows_of_others_stay()
    {
        await StartAsync("30");
        var key = Caller.NewKey();
        _service.Vertex.Faults.Add("*", "return-400", match: _prompt);
        var failed = await _service.Client.SubmitAsync(key, new { prompt = _prompt });
        await _service.Client.WaitAsync(failed);
        var made = await _service.Client.SubmitAsync(key, new { prompt = _prompt });
        await _service.Client.WaitAsync(made);
        var waitingKey = Caller.NewKey();
        _service.Gcs.Faults.Add("storage.objects.insert", "return-503", count: 100, match: Service.ObjectStemOf(waitingKey));
        var waiting = await _service.Client.SubmitAsync(waitingKey, new { prompt = $"{_prompt} waiting" });
        await _service.Client.WaitAsync(waiting, "RETRY");
        var claimed = await Claims.LeaveAsync(_service, Caller.NewKey(), $"{_prompt} claimed");
        await _service.ExecuteAsync("""
            insert into idempotency_keys (idempotency_key, task_name, status, created_at, error_payload)
            values ($1, 'another_service', 'failed', now() - interval '9 years', '{"message": "theirs"}')
            """, key);

        Assert.Equal(0, await DeleteAsync(DateTimeOffset.UtcNow.AddHours(-1)));
        Assert.Equal(2, await DeleteAsync(Soon)); // the row of the one, and what the archive has of the other
        Assert.Equal(0, await DeleteAsync(Soon));

        Assert.Equal(
            ["another_service:", $"generate_image_vertex_ai_task:{waiting}", $"generate_image_vertex_ai_task:{claimed.TaskId}"],
            (await _service.ScalarAsync<string[]>("select array_agg(task_name || ':' || coalesce(task_id::text, '')) from idempotency_keys"))!.Order());
        Assert.Equal(0, await _service.ScalarAsync<long>("select count(*) from iga_task_archive"));
        await _service.ExecuteAsync("delete from iga_runtime.instances where ended_at is not null");
        Assert.Equal(404, (int)(await _service.Client.PollAsync(made)).Status);
        _service.Gcs.Faults.Clear();
        Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(waiting)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_key_whose_record_is_gone_starts_a_new_task_which_finds_the_old_picture_and_pays_for_none()
    {
        await StartAsync("30");
        var key = Caller.NewKey();
        var first = await _service.Client.SubmitAsync(key, new { prompt = _prompt });
        var before = await _service.Client.WaitAsync(first);
        Assert.Equal(1, await DeleteAsync(Soon));

        var second = await _service.Client.SubmitAsync(key, new { prompt = _prompt });
        var after = await _service.Client.WaitAsync(second);

        Assert.NotEqual(first, second);
        Assert.True(JsonElement.DeepEquals(before.GetProperty("result"), after.GetProperty("result")), after.ToString());
        Assert.Equal(1, _service.ModelCalls(_prompt));
        Assert.Single(_service.ObjectsOf(key));

        // Where the bucket has let go of it as well, a new one is made.
        Assert.Equal(1, await DeleteAsync(Soon));
        _service.Gcs.Objects.Delete(Service.Bucket, Assert.Single(_service.ObjectsOf(key)));
        await _service.Client.WaitAsync(await _service.Client.SubmitAsync(key, new { prompt = _prompt }));
        Assert.Equal((2, 1), (_service.ModelCalls(_prompt), _service.ObjectsOf(key).Length));

        // Another request with the key is no reuse any more.
        Assert.Equal(1, await DeleteAsync(Soon));
        using var other = await _service.Client.PostAsync(key, new { prompt = $"{_prompt} other" });
        Assert.Equal(202, (int)other.StatusCode);
    }

    [Fact]
    public async Task Keys_that_are_posted_again_while_their_records_are_deleted_lose_no_task()
    {
        await StartAsync("30");
        string[] keys = [.. Enumerable.Range(0, 30).Select(_ => Caller.NewKey())];
        _service.Vertex.Faults.Add("*", "return-400", match: _prompt, count: keys.Length);
        foreach (var id in await Task.WhenAll(keys.Select(key => _service.Client.SubmitAsync(key, new { prompt = _prompt }))))
        {
            await _service.Client.WaitAsync(id);
        }

        var before = DateTimeOffset.UtcNow;
        var deleting = Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DeleteAsync(before)));
        var again = await Task.WhenAll(keys.Select(key => _service.Client.SubmitAsync(key, new { prompt = _prompt })));
        await deleting;

        foreach (var id in again)
        {
            Assert.Equal("SUCCESS", (await _service.Client.WaitAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(again.Order(), (await _service.ScalarAsync<Guid[]>("select array_agg(task_id) from idempotency_keys"))!.Order());
    }

    [Fact]
    public async Task A_record_that_is_being_claimed_anew_stays()
    {
        await StartAsync("30");
        var key = Caller.NewKey();
        _service.Vertex.Faults.Add("*", "return-400", match: _prompt);
        await _service.Client.GenerateAsync(key, new { prompt = _prompt });
        await using var database = Npgsql.NpgsqlDataSource.Create(_service.ConnectionString);
        await using var connection = await database.OpenConnectionAsync();
        await using (await connection.BeginTransactionAsync())
        {
            await using var claim = new Npgsql.NpgsqlCommand("select from idempotency_keys for update", connection);
            await claim.ExecuteNonQueryAsync();

            Assert.Equal(0, await DeleteAsync(Soon));
        }

        Assert.Equal(1, await DeleteAsync(Soon));
    }

    [Fact]
    public async Task The_timer_deletes_what_ended_longer_ago_than_it_is_to_be_kept_in_any_number()
    {
        await StartAsync(days: null); // its own timer would be faster
        await InsertAsync("old", 1_201, postedDaysAgo: 40, endedDaysAgo: 31);
        await InsertAsync("ended lately", 2, postedDaysAgo: 40, endedDaysAgo: 29);
        await InsertAsync("young", 3, postedDaysAgo: 29, endedDaysAgo: 29);
        await InsertAsync("ended before there was a column", 1, postedDaysAgo: 40, endedDaysAgo: null);
        await _service.ExecuteAsync("""
            insert into iga_spend (day, caller, model, images, usd)
            select (now() at time zone 'utc')::date - n, 'c', 'm', 1, 1 from unnest(array[0, 29, 30, 31, 400]) n
            """);
        var options = _service.Get<IdempotencyOptions>();

        await RunTimerAsync(options);
        Assert.Equal(1_207, await _service.ScalarAsync<long>("select count(*) from idempotency_keys"));
        await RunTimerAsync(options with { Retention = TimeSpan.FromDays(30) });

        Assert.Equal("ended lately young", await _service.ScalarAsync<string>(
            "select string_agg(distinct workflow_id, ' ' order by workflow_id) from idempotency_keys"));
        Assert.Equal(5, await _service.ScalarAsync<long>("select count(*) from idempotency_keys"));
        Assert.Equal(3, await _service.ScalarAsync<long>("select count(*) from iga_spend"));
    }

    private async Task StartAsync(string? days) =>
        _service = await OwnService.StartAsync(settings => settings["IGA_TASK_RETENTION_DAYS"] = days);

    private Task<int> DeleteAsync(DateTimeOffset before) => _service.Get<TaskRetention>().DeleteAsync(before, CancellationToken.None);

    private Task RunTimerAsync(IdempotencyOptions options) =>
        _service.Make<RetentionTimer>(options).RunAsync(new TimerInfo(), CancellationToken.None);

    private async Task InsertAsync(string name, int count, int postedDaysAgo, int? endedDaysAgo)
    {
        var first = TaskIdTime.LowerBound(DateTimeOffset.UtcNow.AddDays(-postedDaysAgo)).ToString("N")[..12];
        await _service.ExecuteAsync("""
            insert into idempotency_keys (idempotency_key, task_name, status, task_id, workflow_id, created_at, ended_at, result_payload)
            select $1 || n, 'generate_image_vertex_ai_task', 'completed', ($2 || '7' || lpad(to_hex(n), 3, '0') || gen)::uuid, $1,
                now() - make_interval(days => $3), now() - make_interval(days => $4), '{"image_url": "x", "prompt_used": "p", "model_version": "v"}'
            from generate_series(1, $5) n, lateral (select '8' || substr(md5($1 || n), 1, 15)) g (gen)
            """, name, first, postedDaysAgo, (object?)endedDaysAgo ?? DBNull.Value, count);
    }
}
