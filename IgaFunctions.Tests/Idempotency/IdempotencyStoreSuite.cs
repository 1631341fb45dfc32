using Iga.Idempotency;
using Iga.Imaging;
using Iga.LocalHost.Migrations;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Idempotency;

/// <summary>What the store of keys promises, on every shape that the shared table may have.</summary>
public abstract class IdempotencyStoreSuite(string? existingTable) : IAsyncLifetime
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(10);

    private string _connectionString = null!;
    private NpgsqlDataSource _dataSource = null!;
    private IdempotencyStore _store = null!;
    private TaskRecords _records = null!;

    protected abstract string StoredKey(string key);

    public async ValueTask InitializeAsync()
    {
        _connectionString = await TestCluster.CreateDatabaseAsync();
        _dataSource = PostgresDataSource.Create(_connectionString);
        if (existingTable is not null)
        {
            await ExecuteAsync(existingTable);
        }

        await MigrationRunner.ApplyAsync(_dataSource, CancellationToken.None);
        var options = new IdempotencyOptions("", "processing", "completed", "failed", LockTimeout);
        var table = new IdempotencyTable(_dataSource);
        _store = new IdempotencyStore(_dataSource, table, options);
        _records = new TaskRecords(_dataSource, table, options);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _dataSource.DisposeAsync();
    }

    [Fact]
    public async Task A_new_key_is_won_and_its_row_is_as_the_contract_says()
    {
        var task = NewTask("key-1") with { WorkflowId = "workflow-7" };

        Assert.Equal(new Claim.Won(task.TaskId), await ClaimAsync(task));

        var row = await ReadRowAsync("key-1");
        Assert.Equal("generate_image_vertex_ai_task", row.TaskName);
        Assert.Equal("workflow-7", row.WorkflowId);
        Assert.Equal("processing", row.Status);
        Assert.Equal(task.TaskId, row.TaskId);
        Assert.NotNull(row.LockedAt);
        Assert.Null(row.Result);
        Assert.Null(row.Error);
    }

    [Fact]
    public async Task A_pool_of_one_connection_is_enough()
    {
        await using var one = PostgresDataSource.Create(
            new NpgsqlConnectionStringBuilder(_connectionString) { MaxPoolSize = 1, Timeout = 5 }.ConnectionString);
        var store = new IdempotencyStore(
            one, new IdempotencyTable(one), new IdempotencyOptions("", "processing", "completed", "failed", LockTimeout));
        var task = NewTask("key");

        Assert.Equal(new Claim.Won(task.TaskId), await store.ClaimAsync(task, CancellationToken.None));
        Assert.True(await store.CompleteAsync(task, Result, CancellationToken.None));
    }

    [Fact]
    public async Task The_same_request_is_answered_with_the_same_task_in_flight_and_completed()
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        Assert.Equal(new Claim.Replayed(first.TaskId, InFlight: true), await ClaimAsync(NewTask("key")));

        Assert.True(await _store.CompleteAsync(first, Result, CancellationToken.None));
        Assert.Equal(new Claim.Replayed(first.TaskId, InFlight: false), await ClaimAsync(NewTask("key")));
    }

    [Theory]
    [InlineData("processing")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("stale")]
    public async Task Another_request_under_the_key_is_refused_and_changes_nothing(string state)
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        await BringToAsync(first, state);
        var before = await ReadRowAsync("key");

        Assert.Equal(new Claim.Reused(first.TaskId), await ClaimAsync(NewTask("key", prompt: "another")));

        Assert.Equal(before, await ReadRowAsync("key"));
    }

    [Fact]
    public async Task A_failed_key_goes_to_a_new_task_and_the_failed_one_stays_readable()
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        await _store.FailAsync(first, new TaskError("prompt_blocked", "No."), CancellationToken.None);

        var second = NewTask("key");
        Assert.Equal(new Claim.Won(second.TaskId, TookOver: true), await ClaimAsync(second));

        var row = await ReadRowAsync("key");
        Assert.Equal((second.TaskId, "processing", null), (row.TaskId, row.Status, row.Error));
        Assert.Equal("prompt_blocked", (await _records.FindAsync(first.TaskId, default))!.Outcome!.Error!.Type);
        Assert.Null((await _records.FindAsync(second.TaskId, default))!.Outcome);
    }

    [Fact]
    public async Task A_stale_lock_is_taken_over_and_the_old_task_can_write_nothing_more()
    {
        var old = NewTask("key");
        await ClaimAsync(old);
        await BringToAsync(old, "stale");

        var heir = NewTask("key");
        Assert.Equal(new Claim.Won(heir.TaskId, TookOver: true), await ClaimAsync(heir));

        Assert.False(await _store.CompleteAsync(old, Result, default));
        Assert.False(await _store.FailAsync(old, new TaskError("task_failed", "x"), default));
        Assert.False(await _store.FreshenLockAsync(old, default));
        Assert.IsType<Ownership.Lost>(await _store.ConfirmAsync(old, default));
        await _store.ReleaseAsync(old, default);
        Assert.Equal(heir.TaskId, (await ReadRowAsync("key")).TaskId);
        Assert.IsType<Ownership.Owned>(await _store.ConfirmAsync(heir, default));
        Assert.NotNull((await _records.FindAsync(old.TaskId, default))!.Outcome!.Conflict);
    }

    [Fact]
    public async Task A_confirmed_owner_has_its_ageing_lock_freshened()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        await ExecuteAsync($"update idempotency_keys set locked_at = now() - interval '{LockTimeout.TotalSeconds / 2} s'");

        Assert.IsType<Ownership.Owned>(await _store.ConfirmAsync(task, default));

        Assert.True(DateTime.UtcNow - (await ReadRowAsync("key")).LockedAt < LockTimeout / 3);
    }

    [Fact]
    public async Task Completing_writes_the_result_releases_the_lock_and_may_be_repeated()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        Assert.True(await _store.CompleteAsync(task, Result, default));
        Assert.True(await _store.CompleteAsync(task, Result, default));

        var row = await ReadRowAsync("key");
        Assert.Equal(("completed", null, null), (row.Status, row.LockedAt, row.Error));
        Assert.Equal(
            """{"image_url": "gs://b/o.png", "prompt_used": "p", "model_version": "vertex-ai-m"}""", row.Result);
        Assert.Equal(new Ownership.Completed(Result), await _store.ConfirmAsync(task, default));
        Assert.Equal(Result, (await _records.FindAsync(task.TaskId, default))!.Outcome!.Image);
    }

    [Fact]
    public async Task A_completed_key_can_not_fail_any_more()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        await _store.CompleteAsync(task, Result, default);

        Assert.False(await _store.FailAsync(task, new TaskError("task_failed", "x"), default));
        Assert.Equal("completed", (await ReadRowAsync("key")).Status);
    }

    [Fact]
    public async Task A_released_claim_leaves_nothing_behind()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        await _store.ReleaseAsync(task, default);

        Assert.Equal(0L, await ScalarAsync("select count(*) from idempotency_keys where task_name = 'generate_image_vertex_ai_task'"));
    }

    [Fact]
    public async Task A_claim_that_somebody_else_has_begun_to_start_is_not_given_back()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        Assert.True(await _store.FreshenLockAsync(task, default));

        await _store.ReleaseAsync(task, default);

        Assert.Equal("processing", (await ReadRowAsync("key")).Status);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_still_won_when_it_is_repeated()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        Assert.Equal(new Claim.Won(task.TaskId, TookOver: true), await ClaimAsync(task));
    }

    [Fact]
    public async Task A_fresh_row_that_no_task_of_ours_wrote_is_held_elsewhere_and_stays_as_it_is()
    {
        await InsertForeignAsync("key", "processing", age: "1 s");
        var before = await ReadRowAsync("key");
        var task = NewTask("key");

        Assert.Equal(new Claim.HeldElsewhere(), await ClaimAsync(task));

        Assert.IsType<Ownership.Lost>(await _store.ConfirmAsync(task, default));
        Assert.False(await _store.CompleteAsync(task, Result, default));
        Assert.Equal(before, await ReadRowAsync("key"));
    }

    [Theory]
    [InlineData("processing", "1 day")]
    [InlineData("failed", "1 s")]
    public async Task A_dead_row_that_no_task_of_ours_wrote_is_taken(string status, string age)
    {
        await InsertForeignAsync("key", status, age);
        var task = NewTask("key");

        Assert.Equal(new Claim.Won(task.TaskId, TookOver: true), await ClaimAsync(task));
    }

    [Fact]
    public async Task A_result_that_the_replaced_system_left_is_the_keys_result()
    {
        await InsertForeignAsync("key", "completed", age: "1 day",
            """{"image_url": "gs://b/o.png", "prompt_used": "p", "model_version": "vertex-ai-m"}""");
        var task = NewTask("key");

        Assert.Equal(new Claim.HeldElsewhere(), await ClaimAsync(task));
        Assert.Equal(new Ownership.Completed(Result), await _store.ConfirmAsync(task, default));
    }

    [Fact]
    public async Task A_key_claimed_fifty_times_at_once_starts_one_task()
    {
        ImageTask[] tasks = [.. Enumerable.Range(0, 50).Select(_ => NewTask("key"))];

        var claims = await Task.WhenAll(tasks.Select(task => Task.Run(() => ClaimAsync(task))));

        var winner = Assert.Single(claims.OfType<Claim.Won>());
        Assert.Equal(49, claims.Count(claim => claim == new Claim.Replayed(winner.TaskId, InFlight: true)));
    }

    [Fact]
    public async Task Connections_that_a_restart_of_the_server_broke_are_not_noticed()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(index => ClaimAsync(NewTask($"before-{index}"))));
        await using (var other = new NpgsqlConnection(_connectionString + ";Pooling=false"))
        {
            await other.OpenAsync();
            await using var kill = new NpgsqlCommand(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
                other);
            await kill.ExecuteNonQueryAsync();
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 10).Select(index => ClaimAsync(NewTask($"after-{index}"))));

        Assert.All(claims, claim => Assert.IsType<Claim.Won>(claim));
    }

    [Fact]
    public async Task Tasks_in_flight_are_found_by_the_age_of_their_locks()
    {
        ImageTask[] tasks = [.. Enumerable.Range(0, 450).Select(index => NewTask($"key-{index}"))];
        foreach (var task in tasks)
        {
            await ClaimAsync(task);
        }

        await BringToAsync(tasks[0], "completed");
        await ExecuteAsync("update idempotency_keys set locked_at = locked_at - interval '1 minute'");

        var found = await _records.InFlightAsync(TimeSpan.FromSeconds(30), default).ToListAsync();

        Assert.Equal(tasks[1..].Select(task => task.TaskId).Order(), found.Select(task => task.TaskId).Order());
        Assert.Equal(tasks[1], found.Single(task => task.TaskId == tasks[1].TaskId));
    }

    [Fact]
    public async Task An_id_that_no_task_has_is_not_found()
    {
        Assert.Null(await _records.FindAsync(Guid.NewGuid(), default));
    }

    private static readonly ImageResult Result = new("gs://b/o.png", "p", "vertex-ai-m");

    private static ImageTask NewTask(string key, string prompt = "a lighthouse") => new(
        Guid.CreateVersion7(), key, null, $"fingerprint of {prompt}",
        new ImageRequest(prompt, "1:1", true, "gemini-3.1-flash-image"), LockTimeout.TotalSeconds / 3);

    private Task<Claim> ClaimAsync(ImageTask task) => _store.ClaimAsync(task, CancellationToken.None);

    private Task BringToAsync(ImageTask task, string state) => state switch
    {
        "completed" => _store.CompleteAsync(task, Result, default),
        "failed" => _store.FailAsync(task, new TaskError("task_failed", "x"), default),
        "stale" => ExecuteAsync("update idempotency_keys set locked_at = now() - interval '1 day'"),
        _ => Task.CompletedTask,
    };

    private Task InsertForeignAsync(string key, string status, string age, string? result = null) => ExecuteAsync(
        $"""
        insert into idempotency_keys (idempotency_key, task_name, created_at, locked_at, status, result_payload)
        values ('{StoredKey(key)}', 'generate_image_vertex_ai_task', now() - interval '{age}', now() - interval '{age}',
                '{status}', {(result is null ? "null" : $"'{result}'::jsonb")})
        """);

    private async Task<Row> ReadRowAsync(string key)
    {
        await using var command = _dataSource.CreateCommand("""
            select task_name, workflow_id, status, task_id, locked_at, result_payload::text, error_payload::text
            from idempotency_keys where idempotency_key = $1 and task_name = 'generate_image_vertex_ai_task'
            """);
        command.Parameters.Add(new() { Value = StoredKey(key) });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return new Row(
            reader.GetString(0), Nullable(1)?.ToString(), reader.GetString(2), (Guid?)Nullable(3), (DateTime?)Nullable(4),
            Nullable(5)?.ToString(), Nullable(6)?.ToString());

        object? Nullable(int column) => reader.IsDBNull(column) ? null : reader.GetValue(column);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private sealed record Row(
        string TaskName, string? WorkflowId, string Status, Guid? TaskId, DateTime? LockedAt, string? Result, string? Error);
}
