using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Iga.Tests.Engines;

/// <summary>
/// All that a service on Microsoft's engine needs, of a test's own: emulators, a database, and Azurite behind gates.
/// </summary>
internal sealed class Surroundings : IAsyncDisposable
{
    private readonly AzuriteServer _azurite;
    private readonly TcpGate[] _gates;
    private readonly NpgsqlDataSource _database;

    private Surroundings(VertexEmulator vertex, GcsEmulator gcs, AzuriteServer azurite, string connectionString)
    {
        (Vertex, Gcs, _azurite) = (vertex, gcs, azurite);
        _gates = [.. azurite.Ports.Select(port => TcpGate.To("127.0.0.1", port))];
        _database = NpgsqlDataSource.Create(connectionString);
        Settings = Service.SettingsFor(vertex.Address, gcs.Address, connectionString);
        Settings["AzureWebJobsStorage"] = AzuriteServer.ConnectionStringFor([.. _gates.Select(gate => gate.Port)]);
        Settings["IGA_MODEL_TIMEOUT_SECONDS"] = "30";
    }

    public VertexEmulator Vertex { get; }

    public GcsEmulator Gcs { get; }

    /// <summary>The service's.</summary>
    public Dictionary<string, string?> Settings { get; }

    public static async Task<Surroundings> CreateAsync()
    {
        AzuriteServer.SkipWithout();
        var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (_, _) => ValueTask.FromResult(new Picture(Pictures.Png(400), "image/png")),
        });
        var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        return new Surroundings(vertex, gcs, await AzuriteServer.StartAsync(), await TestCluster.CreateDatabaseAsync());
    }

    /// <summary>A service in this process that uses all of this.</summary>
    public Task<RealEngine> StartEngineAsync() =>
        RealEngine.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());

    /// <summary>From now on Azurite can't be reached.</summary>
    public void TakeHubAway() => Array.ForEach(_gates, gate => gate.Refuse());

    /// <summary>From now on Azurite can be reached, and never answers.</summary>
    public void StallHub() => Array.ForEach(_gates, gate => gate.Stall());

    public void BringHubBack() => Array.ForEach(_gates, gate => gate.Open());

    public int ModelCalls(string prompt) => Vertex.Log.Count(call => call.Prompt == prompt);

    public int ObjectsOf(string key) => Gcs.Objects.List(Service.Bucket, Service.Prefix + Service.ObjectStemOf(key)).Count;

    /// <returns>The state of a key's row; null when it has none.</returns>
    public Task<string?> StatusOfAsync(string key) =>
        _database.ScalarAsync<string>("select status from idempotency_keys where idempotency_key = $1", key);

    public async ValueTask DisposeAsync()
    {
        foreach (var gate in _gates)
        {
            await gate.DisposeAsync();
        }

        await _azurite.DisposeAsync();
        await _database.DisposeAsync();
        await Vertex.DisposeAsync();
        await Gcs.DisposeAsync();
        Directory.Delete(Settings["IGA_STAGING_DIR"]!, recursive: true);
    }
}
