using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.LocalHost.Durable.Worker;
using Iga.LocalHost.Host;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.Faults;

/// <summary>
/// Emulators and a database of a test's own, and the services on them. The model draws small pictures at no cost and counts
/// them; nothing of it is shared with other tests, so what is left behind can be counted.
/// </summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly List<LocalService> _services = [];
    private readonly ConcurrentDictionary<string, int> _made = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _settings;
    private readonly Func<DurableTaskOptions, DurableTaskOptions> _runtime;

    private Lab(
        GcsEmulator gcs, string connectionString, Dictionary<string, string?> settings,
        Func<DurableTaskOptions, DurableTaskOptions> runtime)
    {
        (Gcs, ConnectionString, _settings, _runtime) = (gcs, connectionString, settings, runtime);
        Database = NpgsqlDataSource.Create(connectionString);
    }

    public VertexEmulator Vertex { get; private set; } = null!;

    public GcsEmulator Gcs { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    /// <summary>The first service.</summary>
    public LocalService Service => _services[0];

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The model draws nothing before this has ended.</summary>
    public Task Door { get; set; } = Task.CompletedTask;

    /// <summary>How many calls are at the model at this moment, and the most there ever were.</summary>
    public Gauge InFlight { get; } = new();

    private string StagingDirectory => _settings["IGA_STAGING_DIR"]!;

    /// <param name="settings">Variables besides those of <see cref="Fixtures.Service.SettingsFor"/>.</param>
    public static async Task<Lab> StartAsync(
        Dictionary<string, string?>? settings = null, Func<DurableTaskOptions, DurableTaskOptions>? runtime = null,
        TimeSpan drawing = default)
    {
        var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Fixtures.Service.Bucket] });
        Lab? lab = null;
        var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (picture, token) => lab!.DrawAsync(picture, drawing, token),
        });
        var database = await TestCluster.CreateDatabaseAsync();
        var all = Fixtures.Service.SettingsFor(vertex.Address, gcs.Address, database);
        foreach (var (name, value) in settings ?? [])
        {
            all[name] = value;
        }

        runtime ??= options => options;
        lab = new Lab(
            gcs, database, all, options => runtime(options with { ShutdownGrace = TimeSpan.FromMilliseconds(200) }))
        {
            Vertex = vertex,
        };
        lab.Client = NewClient(await lab.StartServiceAsync());
        return lab;
    }

    /// <summary>Starts another service on the same database, emulators and staging.</summary>
    public async Task<LocalService> StartServiceAsync()
    {
        var service = await LocalService.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(_settings).Build(),
            _ => { }, CancellationToken.None, LogLevel.Critical, _runtime);
        _services.Add(service);
        return service;
    }

    public static HttpClient NewClient(LocalService service) =>
        new() { BaseAddress = service.Address, Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Empties the emulators and their logs, which a test's own memory holds.</summary>
    public void ForgetEmulators()
    {
        Vertex.Reset();
        Gcs.Reset();
        _made.Clear();
        foreach (var stored in Gcs.Objects.List(Fixtures.Service.Bucket))
        {
            Gcs.Objects.Delete(stored.Bucket, stored.Name);
        }
    }

    /// <returns>How many pictures a model made, and was paid for, for a prompt.</returns>
    public int MadeFor(string prompt) => _made.GetValueOrDefault(prompt);

    public void FaultModel(string prompt, string fault, int count = 1) =>
        Vertex.Faults.Add("*", fault, count, prompt);

    public void FaultUpload(string key, string fault, int count = 1) =>
        Gcs.Faults.Add("storage.objects.insert.simple", fault, count, Fixtures.Service.ObjectStemOf(key));

    /// <returns>The names of a key's objects, without the prefix.</returns>
    public string[] ObjectsOf(string key) =>
        [.. Gcs.Objects.List(Fixtures.Service.Bucket, Fixtures.Service.Prefix + Fixtures.Service.ObjectStemOf(key)).Select(o => o.Name)];

    public Task ExecuteAsync(string sql, params object[] parameters) => Database.ExecuteAsync(sql, parameters);

    public Task<long> CountAsync(string sql) => Database.ScalarAsync<long>(sql);

    /// <summary>Posts as the service's caller does: the same again when it is told that the service can't at the moment.</summary>
    /// <returns>The task id.</returns>
    public async Task<Guid> SubmitAsync(string key, object body)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var response = await Client.PostAsync(key, body);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests && attempt < 20)
            {
                // A busy machine, or a full house.
                Assert.NotNull(response.Headers.RetryAfter);
                await Task.Delay(200);
                continue;
            }

            Assert.True(response.StatusCode == HttpStatusCode.Accepted, answer.ToString());
            return answer.GetProperty("task_id").GetGuid();
        }
    }

    /// <returns>The body of the poll that tells the end.</returns>
    public async Task<JsonElement> GenerateAsync(string key, object body) =>
        await Client.WaitAsync(await SubmitAsync(key, body));

    /// <summary>Ages a key's lock, as if its task had been silent for two days.</summary>
    public Task AgeLockAsync(string key) => ExecuteAsync(
        "update idempotency_keys set locked_at = now() - interval '2 days' where idempotency_key = $1", key);

    /// <summary>When all tasks have ended, no picture is staged, no key is locked, and no instance is on its way.</summary>
    public async Task AssertNothingIsLeftAsync()
    {
        Assert.All(
            Directory.EnumerateFiles(StagingDirectory, "*", SearchOption.AllDirectories),
            file => Assert.Equal("spare", Path.GetFileName(Path.GetDirectoryName(file))));
        Assert.Equal(0, await CountAsync("select count(*) from idempotency_keys where status = 'processing' or locked_at is not null"));
        Assert.Equal(0, await CountAsync("select count(*) from iga_runtime.instances where ended_at is null"));
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        await Vertex.DisposeAsync();
        await Gcs.DisposeAsync();
        await Database.DisposeAsync();
    }

    private async ValueTask<Picture> DrawAsync(PictureRequest picture, TimeSpan drawing, CancellationToken cancellationToken)
    {
        using var _ = InFlight.Enter();
        await Door.WaitAsync(cancellationToken);
        await Task.Delay(drawing, cancellationToken);
        _made.AddOrUpdate(picture.Prompt, 1, (_, made) => made + 1);
        return new Picture(
            picture.MimeType == "image/jpeg" ? Pictures.Jpeg(2_000) : Pictures.Png(2_000), picture.MimeType);
    }
}
