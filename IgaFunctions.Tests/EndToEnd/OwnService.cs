using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Host;
using Iga.Postgres;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.OpenApi.Contract;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// A service of a test's own, with emulators and a database of its own: for tests that change its settings, look inside, or
/// cut it off from its database.
/// </summary>
internal sealed class OwnService : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;

    /// <summary>Where it stages, unless its settings say otherwise.</summary>
    private readonly string _temporary;

    private OwnService(
        LocalService host, VertexEmulator vertex, GcsEmulator gcs, TcpGate gate, string connectionString, string temporary, string staging)
    {
        _temporary = temporary;
        (Host, Vertex, Gcs, Gate, ConnectionString, StagingDirectory) = (host, vertex, gcs, gate, connectionString, staging);
        Client = DocumentedAnswers.Client(host.Address);
        _database = NpgsqlDataSource.Create(connectionString);
    }

    public LocalService Host { get; }

    public HttpClient Client { get; }

    public VertexEmulator Vertex { get; }

    public GcsEmulator Gcs { get; }

    /// <summary>Between the service and its database.</summary>
    public TcpGate Gate { get; }

    /// <summary>Of its database, past the gate.</summary>
    public string ConnectionString { get; }

    public string StagingDirectory { get; }

    /// <summary>Where a task's picture waits.</summary>
    public string StagedFile(Guid taskId) => Path.Combine(StagingDirectory, DatabaseId.ToString("N"), taskId.ToString());

    /// <summary>The id that the migrations gave to its database.</summary>
    public Guid DatabaseId { get; private init; }

    public DurableTaskClient Hub => Get<DurableTaskClient>();

    public static async Task<OwnService> StartAsync(
        Action<Dictionary<string, string?>>? change = null, Func<DurableTaskOptions, DurableTaskOptions>? configureRuntime = null)
    {
        var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (request, _) => ValueTask.FromResult(new Picture(Pictures.Png(400), "image/png")),
        });
        var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        var database = new NpgsqlConnectionStringBuilder(await TestCluster.CreateDatabaseAsync());
        var gate = TcpGate.To(database.Host!, database.Port);
        var gated = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = gate.Port };
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, gated.ConnectionString);
        var temporary = settings["IGA_STAGING_DIR"]!;
        change?.Invoke(settings);
        var host = await LocalService.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _ => { }, CancellationToken.None,
            LogLevel.None, configureRuntime);
        return new OwnService(host, vertex, gcs, gate, database.ConnectionString, temporary, settings["IGA_STAGING_DIR"]!)
        {
            DatabaseId = await host.Services.GetRequiredService<DatabaseIdentity>().GetAsync(CancellationToken.None),
        };
    }

    public T Get<T>()
        where T : notnull => Host.Services.GetRequiredService<T>();

    /// <summary>A function's class as the host makes it.</summary>
    public T Make<T>(params object[] parts) => ActivatorUtilities.CreateInstance<T>(Host.Services, parts);

    public int ModelCalls(string prompt) => Vertex.Log.Count(call => call.Prompt == prompt);

    public string[] ObjectsOf(string key) =>
        [.. Gcs.Objects.List(Service.Bucket, Service.Prefix + Service.ObjectStemOf(key)).Select(stored => stored.Name)];

    public Task ExecuteAsync(string sql, params object[] parameters) => _database.ExecuteAsync(sql, parameters);

    public Task<T?> ScalarAsync<T>(string sql, params object[] parameters) => _database.ScalarAsync<T>(sql, parameters);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
        await _database.DisposeAsync();
        await Gate.DisposeAsync();
        await Vertex.DisposeAsync();
        await Gcs.DisposeAsync();
        Directory.Delete(_temporary, recursive: true);
    }
}
