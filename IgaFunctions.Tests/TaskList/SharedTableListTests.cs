using Iga.Images;
using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Iga.TaskList;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Iga.Tests.Keys;
using Npgsql;

namespace Iga.Tests.TaskList;

/// <summary>Where other services have the table, and rows of the same keys, lists tell of our tasks alone, by the keys of their callers.</summary>
public sealed class SharedTableListTests : IAsyncDisposable
{
    private static readonly IdempotencyOptions Options = new("", "processing", "completed", "failed", TimeSpan.FromMinutes(10));

    private NpgsqlDataSource _database = null!;
    private IdempotencyTable _table = null!;

    [Theory]
    [InlineData("idempotency_key, task_name")]
    [InlineData("idempotency_key")]
    public async Task Our_tasks_are_listed_erased_and_deleted_and_rows_of_others_are_none_of_them(string primaryKey)
    {
        await CreateAsync(primaryKey);
        var store = new IdempotencyStore(_database, _table, Options);
        var (failed, made) = (NewTask(secondsAgo: 1), NewTask(secondsAgo: 0)); // ids of one millisecond have no order
        await store.ClaimAsync(failed, default);
        await store.FailAsync(failed, new TaskError("task_failed", "x"), default);
        await store.ClaimAsync(made, default);
        Assert.Equal([("PENDING", false), ("FAILURE", true)], (await ListAsync(new())).Select(task => (task.Status, task.EndedAt is not null)));
        var origin = new ImageOrigin(made.Request.ModelId, "1K", Usd: 0.067m);
        await store.RecordStagedAsync(made, new StagedImage(3, "image/png", "png", "AAAAAA==") { Origin = origin }, default);
        await store.CompleteAsync(made, new ImageResult("gs://b/o.png", made.Request.Prompt, "x"), default);

        foreach (var filter in (TaskFilter[])[new(), new(IdempotencyKey: "key"), new(Statuses: new HashSet<string> { "SUCCESS", "FAILURE" })])
        {
            var tasks = await ListAsync(filter);
            Assert.Equal([(made.TaskId, "SUCCESS"), (failed.TaskId, "FAILURE")], tasks.Select(task => (task.TaskId, task.Status)));
            Assert.All(tasks, task => Assert.Equal(("key", "a lighthouse"), (task.IdempotencyKey, task.Prompt)));
        }

        Assert.Equal([made.TaskId, failed.TaskId], (await Tasks.FindAsync(null!, [failed.TaskId, made.TaskId, Guid.NewGuid()], default)).Select(task => task.TaskId));
        var byPrice = new TaskQuery(new(IdempotencyKey: "key", Since: DateTimeOffset.UtcNow.AddHours(-1)), IsByPrice: true, 10, After: null);
        var dearest = Assert.Single((await new PricedTasks(_database, _table).ListAsync(byPrice, default)).Tasks);
        Assert.Equal((made.TaskId, "key", 0.067m), (dearest.TaskId, dearest.IdempotencyKey, dearest.PriceUsd));

        Assert.Equal(2, await new TaskErasure(_database, Options).EraseAsync(DateTimeOffset.UtcNow.AddMinutes(1), default));
        Assert.All(await ListAsync(new()), task => Assert.Equal("[erased]", task.Prompt));
        Assert.Equal(0L, await _database.ScalarAsync<long>("select count(*) from iga_task_archive a where a::text like '%lighthouse%'"));

        Assert.Equal(2, await new TaskRetention(_database, _table, Options).DeleteAsync(DateTimeOffset.UtcNow.AddMinutes(1), default));
        Assert.Empty(await ListAsync(new()));
        Assert.Equal("generate_snippet_task", await _database.ScalarAsync<string>("select string_agg(task_name, ',') from idempotency_keys"));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private TaskSummaries Tasks => new(new TaskRows(_database, _table), new NoStates());

    private async Task CreateAsync(string primaryKey)
    {
        _database = PostgresDataSource.Create(await TestCluster.CreateDatabaseAsync());
        await _database.ExecuteAsync(SharedTable.WithPrimaryKey(primaryKey));
        await MigrationRunner.ApplyAsync(_database, default);
        _table = new IdempotencyTable(_database);
    }

    private async Task<IReadOnlyList<TaskSummary>> ListAsync(TaskFilter filter) => (await Tasks.ListAsync(null!, filter, 10, null, default)).Tasks;

    private static ImageTask NewTask(int secondsAgo)
    {
        var request = new ImageRequest("a lighthouse", "1:1", true, "gemini-3.1-flash-image");
        return new(Guid.CreateVersion7(DateTimeOffset.UtcNow.AddSeconds(-secondsAgo)), "key", "workflow", request.Fingerprint(), request, 60);
    }
}
