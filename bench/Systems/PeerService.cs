using System.Text.Json;

namespace Iga.Bench.Systems;

/// <summary>The peer as processes: gunicorn, a Celery worker, Redis.</summary>
internal sealed class PeerService(
    Lab lab, string connectionString, Uri address, int redisPort, string[] front, string[] worker,
    IReadOnlyDictionary<string, string> variables) : Service(lab.Databases, connectionString, address)
{
    private const string Python = "/usr/bin/python3"; // Debian's, which has Debian's packages

    private static readonly string Sources = Path.Combine(AppContext.BaseDirectory, "peer");

    private Child? _redis;
    private Child? _front;
    private Child? _worker;

    // Redis is left out, as PostgreSQL is.
    public override IReadOnlyList<int> Processes => _front is { } one && _worker is { } other ? [one.Id, other.Id] : [];

    /// <summary>Makes the table and starts Redis with its usual settings.</summary>
    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(Sources, "schema.sql"), cancellationToken), cancellationToken);
        var directory = Path.Combine(lab.Directory, $"redis-{redisPort}");
        Directory.CreateDirectory(directory);
        _redis = Child.Start(
            ["redis-server", "--bind", "127.0.0.1", "--port", $"{redisPort}", "--dir", directory], variables, lab.NewLog("redis"));
        await WaitForAsync(_redis, "Ready to accept connections", cancellationToken);
    }

    public override void Launch()
    {
        _worker = Child.Start(
            [Python, "-m", "celery", "-A", "tasks:celery_app", "worker", "-l", "info", .. worker], variables,
            lab.NewLog("celery"), Sources);
        _front = Child.Start([Python, "-m", "gunicorn", .. front, "app:app"], variables, lab.NewLog("gunicorn"), Sources);
    }

    public override Task UntilReadyAsync(CancellationToken cancellationToken) =>
        WaitForAsync(_worker!, " ready.", cancellationToken);

    public override async Task KillAsync()
    {
        foreach (var child in new[] { _front, _worker })
        {
            if (child is not null)
            {
                await child.KillAsync();
                child.Dispose();
            }
        }
    }

    public override async Task<TimeSpan> OwnTimeAsync(string taskId, CancellationToken cancellationToken)
    {
        using var redis = new RedisLine(redisPort);
        using var meta = JsonDocument.Parse((await redis.GetAsync($"celery-task-meta-{taskId}", cancellationToken))!);
        var accepted = await ReadAsync<DateTime>(
            $"select created_at from idempotency_keys where task_id = '{taskId}'", cancellationToken);
        return DateTime.SpecifyKind(meta.RootElement.GetProperty("date_done").GetDateTime(), DateTimeKind.Utc) - accepted;
    }

    public override async Task<IReadOnlyList<string>> AddEndedAsync(int count, int sample, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            $"""
            insert into idempotency_keys (idempotency_key, task_name, workflow_id, status, task_id, result_payload)
            select 'ended-' || n, 'generate_image_vertex_ai_task', 'bench', 'completed', gen_random_uuid(),
                jsonb_build_object('image_url', 'gs://bench-bucket/images/iga/iga_req_' || n || '.png', 'prompt_used', 'A lighthouse at dawn above a calm sea, painted in watercolours', 'model_version', 'vertex-ai-imagegeneration@006')
            from generate_series(1, {count}) n
            """,
            cancellationToken);
        await ExecuteAsync("analyze", cancellationToken);
        await using var command = Database.CreateCommand(
            "select task_id::text, result_payload::text from idempotency_keys where status = 'completed' order by random()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var results = new List<(string Key, string Value)>();
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            ids.Add(id);
            results.Add(($"celery-task-meta-{id}", $$"""
                {"status": "SUCCESS", "result": {{reader.GetString(1)}}, "traceback": null, "children": [], "date_done": "2026-01-01T00:00:00.000000", "task_id": "{{id}}"}
                """));
        }

        using var redis = new RedisLine(redisPort);
        await redis.SetAsync(results, cancellationToken);
        return [.. ids.Take(sample)];
    }

    public override string Tail() => $"{_front?.Tail()}\n{_worker?.Tail()}";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.KillAsync();
            _redis.Dispose();
        }
    }

    private static async Task WaitForAsync(Child child, string words, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!child.Says(words))
        {
            if (child.HasExited || DateTime.UtcNow > deadline)
            {
                throw new MeasureFailedException($"A process of the peer did not start: {child.Tail()}");
            }

            await Task.Delay(20, cancellationToken);
        }
    }
}
