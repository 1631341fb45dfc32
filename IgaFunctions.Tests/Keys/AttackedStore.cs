using Iga.Images;
using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Iga.Tasks;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Keys;

/// <summary>A store of keys in a database of its own, and what a test sees of its table.</summary>
/// <param name="ownKeyPrefix">What our rows' keys begin with in this shape of the table.</param>
internal sealed class AttackedStore(NpgsqlDataSource database, string ownKeyPrefix) : IAsyncDisposable
{
    public const string TaskName = "generate_image_vertex_ai_task";

    public static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(10);

    private static readonly IdempotencyOptions Options = new("", "processing", "completed", "failed", LockTimeout);

    private readonly IdempotencyTable _table = new(database);

    public NpgsqlDataSource Database => database;

    public IdempotencyStore Store => field ??= new IdempotencyStore(database, _table, Options);

    public TaskRecords Records => field ??= new TaskRecords(database, _table, Options);

    public static async Task<AttackedStore> CreateAsync(string? existingTable, string ownKeyPrefix)
    {
        var database = PostgresDataSource.Create(await TestCluster.CreateDatabaseAsync());
        var attacked = new AttackedStore(database, ownKeyPrefix);
        if (existingTable is not null)
        {
            await attacked.ExecuteAsync(existingTable);
        }

        await MigrationRunner.ApplyAsync(database, CancellationToken.None);
        return attacked;
    }

    public string StoredKey(string key) => ownKeyPrefix + key;

    /// <summary>A task whose result and error carry its id, so that a row tells who wrote it.</summary>
    public static ImageTask NewTask(string key, string fingerprint) => new(
        Guid.CreateVersion7(), key, $"workflow of {key}", fingerprint,
        new ImageRequest("a lighthouse", "1:1", true, "gemini-3.1-flash-image"), LockTimeout.TotalSeconds / 3);

    public static StagedImage StagedOf(ImageTask task) => new(1 + task.TaskId.ToByteArray()[^1], "image/png", "png", "AAAAAA==");

    public static ImageResult ResultOf(ImageTask task) => new($"gs://b/{task.TaskId}", "p", "vertex-ai-m");

    public static TaskError ErrorOf(ImageTask task) => new("task_failed", $"{task.TaskId}");

    /// <summary>How a poll that finds no history would see the task: in words, equal for equal answers.</summary>
    public async Task<string> RecordOfAsync(Guid taskId) => await Records.FindAsync(taskId, default) switch
    {
        null => "unknown",
        { Outcome: null } => "in flight",
        { Outcome.Image: { } image } => $"image {image.ImageUrl}",
        { Outcome.Error: { } error } => $"error {error.Message}",
        _ => "conflict",
    };

    public Task AgeAsync(string key, TimeSpan age) => ExecuteAsync(
        "update idempotency_keys set locked_at = now() - $3 where idempotency_key = $1 and task_name = $2 and locked_at is not null",
        StoredKey(key), TaskName, age);

    /// <summary>Rows of other services: one under the caller's own key, one under the stored form of it.</summary>
    public async Task AddRowsOfOthersAsync(string key)
    {
        await ExecuteAsync(
            """
            insert into idempotency_keys (idempotency_key, task_name, workflow_id, created_at, locked_at, status, error_payload)
            values ($1, 'generate_snippet_task', 'w', '2026-01-02', '2026-01-02', 'processing', '{"theirs": 1}')
            """,
            key);
        await ExecuteAsync(
            """
            insert into idempotency_keys (idempotency_key, task_name, status) values ($1, 'topic_task', 'failed')
            """,
            $"other:{key}");
    }

    /// <returns>Every row that is not ours, byte for byte.</returns>
    public async Task<string> RowsOfOthersAsync() => (await database.ScalarAsync<string>(
        "select coalesce(string_agg(k::text, E'\\n' order by k::text), '') from idempotency_keys k where task_name <> $1", TaskName))!;

    public Task ExecuteAsync(string sql, params object[] parameters) => database.ExecuteAsync(sql, parameters);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
