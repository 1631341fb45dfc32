using Npgsql;

namespace Iga.Bench.Systems;

/// <summary>The system that was replaced, in one of the ways in which it can be run.</summary>
/// <param name="name">The heading of its column.</param>
/// <param name="isPooled">Whether database connections are kept, in place of one a request and task.</param>
/// <param name="front">gunicorn's options.</param>
/// <param name="worker">Celery's options.</param>
/// <param name="slots">How many tasks the worker runs at once.</param>
internal sealed class PeerStack(string name, bool isPooled, string[] front, string[] worker, int slots) : IStack
{
    /// <summary>Gunicorn's own advice is twice the processors and one more.</summary>
    private static readonly string[] SyncFront = ["--workers", $"{(2 * Environment.ProcessorCount) + 1}"];

    private static readonly string[] ThreadedFront =
        ["--workers", $"{Environment.ProcessorCount}", "--worker-class", "gthread", "--threads", "16"];

    public static PeerStack Default { get; } = new("peer", false, SyncFront, [], Environment.ProcessorCount);

    public static PeerStack Pooled { get; } = new("peer, pooled", true, ThreadedFront, [], Environment.ProcessorCount);

    public static PeerStack Best { get; } =
        new("peer, pooled, 32 slots", true, ThreadedFront, ["--pool", "threads", "--concurrency", "32"], 32);

    public string Name => name;

    public int? Slots => slots;

    // A connection a request lets it accept a few dozen tasks a second, and work on fewer.
    public int LoadDivisor => isPooled ? 4 : 20;

    public async Task<Service> PrepareAsync(Lab lab, CancellationToken cancellationToken)
    {
        var database = new NpgsqlConnectionStringBuilder(await lab.Databases.CreateDatabaseAsync(cancellationToken));
        var (port, redis) = (Lab.FreePort(), Lab.FreePort());
        var service = new PeerService(
            lab, database.ConnectionString, new Uri($"http://127.0.0.1:{port}"), redis,
            [.. front, "--bind", $"127.0.0.1:{port}", "--keep-alive", "75", "--log-level", "warning"], worker, new Dictionary<string, string>
            {
                ["CELERY_BROKER_URL"] = $"redis://127.0.0.1:{redis}/0",
                ["CELERY_RESULT_BACKEND"] = $"redis://127.0.0.1:{redis}/0",
                ["POSTGRES_HOST"] = "127.0.0.1",
                ["POSTGRES_PORT"] = $"{database.Port}",
                ["POSTGRES_USER"] = database.Username!,
                ["POSTGRES_PASSWORD"] = database.Password!,
                ["POSTGRES_DB"] = database.Database!,
                ["GCS_BUCKET_NAME"] = Fakes.FakeBucket.Name,
                ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
                ["IGA_VERTEXAI_PROJECT_ID"] = "bench",
                ["IGA_VERTEXAI_LOCATION"] = "global",
                ["PEER_MODEL_HOST"] = lab.Model.Address.Authority,
                ["PEER_BUCKET_HOST"] = lab.Bucket.Address.Authority,
                ["PEER_POOLED"] = isPooled ? "1" : "0",
                ["PEER_GEVENT"] = worker.Contains("gevent") ? "1" : "0",
                ["PYTHONPYCACHEPREFIX"] = Path.Combine(lab.Directory, "pycache"),
                ["C_FORCE_ROOT"] = "1", // Celery warns of root; the bench may well be run as root
            });
        await service.SetUpAsync(cancellationToken);
        return service;
    }
}
