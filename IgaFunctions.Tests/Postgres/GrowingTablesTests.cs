using Iga.Images;
using Iga.Keys;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>
/// What a task costs the database does not grow with the tables, not even while nobody has analyzed them since they were
/// empty and the sessions keep the plans that they made then.
/// </summary>
public sealed class GrowingTablesTests : IAsyncDisposable
{
    private const int Tasks = 100;

    private readonly Guid _owner = Guid.NewGuid();
    private NpgsqlDataSource _database = null!;
    private IdempotencyStore _keys = null!;
    private InstanceStore _instances = null!;
    private InstanceQueries _queries = null!;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    /// <param name="pooler">
    /// As behind a pooler: no session is set up, and statements are planned anew each time. To read a small table costs less than to
    /// look up a hundred keys, and that is what they do then.
    /// </param>
    [Theory]
    [InlineData(false, 20_000)]
    [InlineData(true, 80_000)]
    public async Task Rows_are_looked_up_by_their_keys_with_plans_that_were_made_when_the_tables_were_empty(bool pooler, int rows)
    {
        await CreateAsync(pooler);
        await _database.ExecuteAsync("""
            alter table idempotency_keys set (autovacuum_enabled = off);
            alter table iga_runtime.instances set (autovacuum_enabled = off);
            alter table iga_runtime.history set (autovacuum_enabled = off)
            """);
        for (var round = 0; round < 8; round++)
        {
            await RunTasksAsync(1);
        }

        await _database.ExecuteAsync($"""
            insert into idempotency_keys (idempotency_key, task_name, task_id, status)
            select 'old-' || i, 'generate_image_vertex_ai_task', gen_random_uuid(), 'processing' from generate_series(1, {rows}) as i;
            insert into iga_runtime.instances
                (instance_id, execution_id, name, status, created_at, start_at, last_updated_at, lease_owner)
            select 'old-' || i, gen_random_uuid(), 'x', 0, now(), now(), now(), '{_owner}' from generate_series(1, {rows}) as i;
            insert into iga_runtime.history (instance_id, execution_id, seq, task_id, kind, name, at)
            select instance_id, execution_id, 1, 0, 'completed', 'x', now() from iga_runtime.instances where instance_id like 'old-%'
            """);
        var before = await _database.ReadRowsAsync();

        await RunTasksAsync(1);
        await RunTasksAsync(Tasks);

        var read = await _database.ReadRowsAsync() - before;
        Assert.True(read < rows, $"{Tasks + 1} tasks read {read} rows");
    }

    private async Task CreateAsync(bool pooler)
    {
        // One session, so that it is the one that has the old plans.
        var database = $"{await TestCluster.CreateDatabaseAsync()};Maximum Pool Size=1";
        _database = PostgresDataSource.Create(pooler ? Pooler.NoPreparing(database) : database);
        await MigrationRunner.ApplyAsync(_database, default);
        _keys = new IdempotencyStore(
            _database, new IdempotencyTable(_database),
            new IdempotencyOptions("", "processing", "completed", "failed", TimeSpan.FromMinutes(10)));
        _instances = new InstanceStore(_database);
        _queries = new InstanceQueries(_database);
    }

    private Task RunTasksAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
    {
        var task = new ImageTask(
            Guid.CreateVersion7(), Guid.NewGuid().ToString("N"), null, "fingerprint",
            new ImageRequest("a lighthouse", "1:1", true, "gemini-3.1-flash-image"), 60);
        Assert.IsType<Claim.Won>(await _keys.ClaimAsync(task, default));

        var now = DateTime.UtcNow;
        var row = new InstanceRow(task.TaskId.ToString(), Guid.NewGuid(), "x", null, null, now, 0);
        Assert.True(await _instances.InsertAsync(row, _owner, default));
        Assert.NotNull(await _queries.GetAsync(row.InstanceId, true, default));
        Assert.IsType<Ownership.Owned>(await _keys.ConfirmAsync(task, default));
        Assert.True(await _instances.WriteAsync(
            new Step(row, _owner, 1, new(1, 0, HistoryEventKind.Completed, "x", "1", now), null, null), default));
        Assert.True(await _keys.RecordPaidAsync(task, new StagedImage(3, "image/png", "png", "AAAAAA=="), 0.1m, true, default));
        Assert.True(await _keys.IsKnownAsync(task, default));
        Assert.True(await _keys.CompleteAsync(task, new ImageResult("gs://b/o.png", "a lighthouse", "x"), default));
    }));
}
