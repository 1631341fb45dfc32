using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.LocalHost.Host;
using Iga.Tests.OpenApi.Contract;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

[assembly: AssemblyFixture(typeof(Iga.Tests.Fixtures.Service))]

namespace Iga.Tests.Fixtures;

/// <summary>
/// The service under test, as its callers see it: by HTTP. It is the one that IGA_TEST_BASE_URL names (then
/// IGA_TEST_VERTEX_URL, IGA_TEST_GCS_URL and IGA_TEST_POSTGRES name the emulators and the database that it uses), else a local
/// host in this process with emulators and a database of its own. With IGA_TEST_HOST=functions it is an Azure Functions host: the
/// one named (IGA_TEST_SYSTEM_KEY is then the key of its Durable Functions API, where keys are asked for), else one of its own.
/// </summary>
public class Service : IAsyncLifetime
{
    public const string Bucket = "test-bucket";
    public const string Prefix = "images/iga/";

    private readonly List<IAsyncDisposable> _owned = [];

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The emulator of Vertex AI that the service calls, and its control API.</summary>
    public HttpClient Vertex { get; private set; } = null!;

    /// <summary>The emulator of GCS that the service calls, and its control API.</summary>
    public HttpClient Gcs { get; private set; } = null!;

    public string ConnectionString { get; private set; } = null!;

    /// <summary>Where the service may send webhooks; null where it was started by somebody else.</summary>
    internal WebhookReceiver? Webhooks { get; private set; }

    /// <summary>Whether the service runs on Azure Functions, whose host stands between its callers and the functions.</summary>
    public virtual bool IsOnFunctions => Environment.GetEnvironmentVariable("IGA_TEST_HOST") == "functions";

    public virtual async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("IGA_TEST_BASE_URL") is { Length: > 0 } baseUrl)
        {
            Client = NewServiceClient(new Uri(baseUrl));
            Vertex = EmulatorControl.NewClient(new Uri(Variable("IGA_TEST_VERTEX_URL")));
            Gcs = EmulatorControl.NewClient(new Uri(Variable("IGA_TEST_GCS_URL")));
            ConnectionString = Variable("IGA_TEST_POSTGRES");
            SendKey();
            return;
        }

        await StartAsync();
    }

    /// <summary>Starts emulators, a database and, with the settings for them, the service.</summary>
    protected async Task StartAsync()
    {
        var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        Own(vertex);
        var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Bucket] });
        Own(gcs);
        Webhooks = await WebhookReceiver.StartAsync();
        Own(Webhooks);
        ConnectionString = await TestCluster.CreateDatabaseAsync();
        var settings = SettingsFor(vertex.Address, gcs.Address, ConnectionString);
        Webhooks.AddTo(settings);
        Client = NewServiceClient(await StartHostAsync(settings));
        SendKey();
        Vertex = EmulatorControl.NewClient(vertex.Address);
        Gcs = EmulatorControl.NewClient(gcs.Address);
    }

    /// <summary>The settings of a local host that uses just these.</summary>
    public static Dictionary<string, string?> SettingsFor(Uri vertex, Uri gcs, string connectionString) => new()
    {
        ["IGA_EMBEDDED"] = "false",
        ["IGA_PORT"] = "0",
        ["IGA_POSTGRES_DB_URL"] = connectionString,
        ["IGA_VERTEX_ENDPOINT"] = vertex.ToString(),
        ["STORAGE_EMULATOR_HOST"] = gcs.ToString(),
        ["GCS_BUCKET_NAME"] = Bucket,
        ["IGA_GCS_IMAGE_PREFIX"] = Prefix,
        ["IGA_MODEL_TIMEOUT_SECONDS"] = "5",
        ["IGA_SHUTDOWN_GRACE_SECONDS"] = "5",
        ["IGA_STAGING_DIR"] = Directory.CreateTempSubdirectory("iga-staging-").FullName,
    };

    /// <summary>Scripts what the model does with the next calls for a prompt.</summary>
    public Task ModelFaultAsync(string prompt, string fault, int count = 1, int? retryAfter = null) =>
        Vertex.FaultAsync("vertex.generateContent", fault, prompt, count, retryAfter);

    /// <summary>Scripts what the bucket does with the next uploads of an object whose name holds a text.</summary>
    public Task UploadFaultAsync(string objectName, string fault, int count = 1) =>
        Gcs.FaultAsync("storage.objects.insert", fault, objectName, count);

    /// <returns>How often the model was called for a prompt.</returns>
    public Task<int> ModelCallsAsync(string prompt) => Vertex.ModelCallsAsync(prompt);

    /// <returns>The names of the objects that a key has.</returns>
    public Task<string[]> ObjectsOfAsync(string key) => Gcs.ObjectsAsync(Bucket, Prefix + ObjectStemOf(key));

    /// <returns>What the names of a key's objects begin with, after the prefix.</returns>
    public static string ObjectStemOf(string key)
    {
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
        return $"iga_req_{Convert.ToHexStringLower(hash)[..16]}_";
    }

    /// <summary>Deletes what the engine knows of a task that has ended.</summary>
    public virtual async Task PurgeAsync(Guid taskId)
    {
        if (IsOnFunctions)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, $"runtime/webhooks/durabletask/instances/{taskId}");
            if (Environment.GetEnvironmentVariable("IGA_TEST_SYSTEM_KEY") is { Length: > 0 } key)
            {
                request.Headers.Add("x-functions-key", key);
            }

            using var response = await Client.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode, response.ToString());
            return;
        }

        Assert.Equal(1, await ExecuteAsync(
            """
            with gone as (delete from iga_runtime.history where instance_id = $1)
            delete from iga_runtime.instances where instance_id = $1
            """,
            taskId.ToString()));
    }

    /// <summary>Changes the service's database past it.</summary>
    /// <returns>How many rows.</returns>
    public async Task<int> ExecuteAsync(string sql, params object[] parameters)
    {
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        return await database.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var client in (HttpClient[])[Client, Vertex, Gcs])
        {
            client?.Dispose();
        }

        foreach (var owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }
    }

    /// <returns>Where it listens.</returns>
    protected virtual async Task<Uri> StartHostAsync(Dictionary<string, string?> settings)
    {
        if (IsOnFunctions)
        {
            var host = await FunctionsHost.StartAsync(settings);
            Own(host);
            return host.Address;
        }

        var service = await LocalService.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(),
            _ => { }, CancellationToken.None, LogLevel.Critical);
        Own(service);
        return service.Address;
    }

    /// <summary>Disposes it with the service, the last one first.</summary>
    protected void Own(IAsyncDisposable owned) => _owned.Add(owned);

    private void SendKey()
    {
        if (Environment.GetEnvironmentVariable("IGA_TEST_API_KEY") is { Length: > 0 } key)
        {
            Client.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    /// <summary>Its answers are held to the OpenAPI document, but for those of the Functions host, which has ways of its own.</summary>
    private HttpClient NewServiceClient(Uri address) =>
        IsOnFunctions ? new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) } : DocumentedAnswers.Client(address);

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"IGA_TEST_BASE_URL is set, so {name} must be too.");
}
