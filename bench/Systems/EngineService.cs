using System.Text.RegularExpressions;
using Iga.Bench.Fakes;
using Iga.Emulators.Storage;

namespace Iga.Bench.Systems;

/// <summary>The app on Microsoft's engine over Azurite, both as processes, with a database of its own.</summary>
internal sealed partial class EngineService : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly Lab _lab;
    private readonly string _connectionString;
    private readonly string _staging;
    private readonly Child _azurite;
    private readonly GcsEmulator _bucket;
    private Child? _engine;

    private EngineService(Lab lab, string connectionString, string staging, GcsEmulator bucket, Child azurite) =>
        (_lab, _connectionString, _staging, _bucket, _azurite) = (lab, connectionString, staging, bucket, azurite);

    public Uri Address { get; private set; } = null!;

    /// <summary>What Azurite was asked until now.</summary>
    public int StorageRequests => Request().Count(_azurite.Said());

    public static async Task<EngineService> StartAsync(Lab lab, ServiceBuild build, CancellationToken cancellationToken)
    {
        var database = await lab.Databases.CreateDatabaseAsync(cancellationToken);
        var staging = Path.Combine(lab.Directory, $"staging-{Guid.NewGuid():N}");

        // Google's client, which the app has there, uploads in another way than the bench's own bucket knows.
        var bucket = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [FakeBucket.Name] }, cancellationToken);
        var service = new EngineService(lab, database, staging, bucket, Child.Start(
            [
                Checkout.Azurite!, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry",
                .. Storage.SelectMany(one => (string[])[$"--{one.ToLowerInvariant()}Host", "127.0.0.1", $"--{one.ToLowerInvariant()}Port", "0"]),
            ],
            new Dictionary<string, string>(), lab.NewLog("azurite")));
        try
        {
            await service.LaunchAsync(build, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.KillAsync();
            _engine.Dispose();
        }

        await _azurite.KillAsync();
        _azurite.Dispose();
        await _bucket.DisposeAsync();
        await _lab.Databases.DropDatabaseAsync(_connectionString);
    }

    private static string[] Storage => ["Blob", "Queue", "Table"];

    private async Task LaunchAsync(ServiceBuild build, CancellationToken cancellationToken)
    {
        var ports = await SaidAsync(_azurite, Listening(), Storage.Length, cancellationToken);
        var storage = string.Join(';', ports.Select(port => $"{port.Groups[1].Value}Endpoint=http://127.0.0.1:{port.Groups[2].Value}/devstoreaccount1"));
        _engine = Child.Start(
            [LocalHostProgram.DotNet, build.Engine!, "real-engine", "bench"],
            new Dictionary<string, string>
            {
                // The account that every emulator of Azure Storage has; documented, and no secret.
                ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
                    + $"AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;{storage}",
                ["IGA_POSTGRES_DB_URL"] = _connectionString,
                ["IGA_VERTEX_ENDPOINT"] = _lab.Model.Address.ToString(),
                ["IGA_VERTEXAI_PROJECT_ID"] = "bench",
                ["IGA_VERTEXAI_LOCATION"] = "global",
                ["STORAGE_EMULATOR_HOST"] = _bucket.Address.ToString(),
                ["GCS_BUCKET_NAME"] = FakeBucket.Name,
                ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
                ["IGA_STAGING_DIR"] = _staging,
            },
            _lab.NewLog("engine"));
        Address = new Uri((await SaidAsync(_engine, Ready(), 1, cancellationToken))[0].Groups[1].Value);
    }

    private static async Task<Match[]> SaidAsync(Child child, Regex words, int count, CancellationToken cancellationToken)
    {
        for (var deadline = DateTime.UtcNow + Timeout; DateTime.UtcNow < deadline && !child.HasExited; await Task.Delay(20, cancellationToken))
        {
            if (words.Matches(child.Said()) is { } found && found.Count == count)
            {
                return found.ToArray();
            }
        }

        throw new MeasureFailedException($"It did not start: {child.Tail()}");
    }

    [GeneratedRegex("Azurite (Blob|Queue|Table) service is successfully listening at http://127\\.0\\.0\\.1:([0-9]+)\n")]
    private static partial Regex Listening();

    [GeneratedRegex("ready on (http://[0-9.:]+)/?\n")]
    private static partial Regex Ready();

    [GeneratedRegex(" HTTP/1.1\" [0-9]")]
    private static partial Regex Request();
}
