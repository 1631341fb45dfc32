using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Keys;

/// <summary>What the store of keys promises, on every shape that the shared table may have.</summary>
public abstract partial class IdempotencyStoreSuite(string? existingTable) : IAsyncLifetime
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

    private Task<int> InsertForeignAsync(string key, string status, string age, string? result = null) => ExecuteAsync(
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

    private Task<int> ExecuteAsync(string sql) => _dataSource.ExecuteAsync(sql);

    private sealed record Row(
        string TaskName, string? WorkflowId, string Status, Guid? TaskId, DateTime? LockedAt, string? Result, string? Error);
}
