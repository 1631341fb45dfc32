using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;

namespace Iga.Tests.GoogleCloud;

/// <summary>
/// The local host as a process of its own, with a service account's key file, against Google's services on real TLS.
/// </summary>
public sealed class ServiceOnGoogle : IAsyncLifetime
{
    private Dictionary<string, string?> _settings = null!;
    private GcsEmulator _gcs = null!;
    private ServiceProcess _process = null!;

    internal VertexEmulator Vertex { get; private set; } = null!;

    internal GoogleGate Google { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        Vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (_, _) => ValueTask.FromResult(new Iga.Emulators.Pictures.Picture(Pictures.Png(400), "image/png")),
        });
        Google = await GoogleGate.StartAsync(Vertex.Address, _gcs.Address);
        _settings = Service.SettingsFor(Google.Address, Google.Address, await TestCluster.CreateDatabaseAsync());
        _settings["GOOGLE_APPLICATION_CREDENTIALS"] = Google.KeyFile;
        _settings["IGA_GOOGLE_TOKEN_HOSTS"] = Google.Address.Host;
        _settings["IGA_VERTEXAI_PROJECT_ID"] = "test";
        _settings["SSL_CERT_FILE"] = Google.RootFile; // of .NET itself: the product trusts what its machine trusts
        _process = ServiceProcess.Start(_settings);
        Client = new HttpClient { BaseAddress = await _process.ReadyAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        await Google.DisposeAsync();
        await Vertex.DisposeAsync();
        await _gcs.DisposeAsync();
        Directory.Delete(_settings["IGA_STAGING_DIR"]!, recursive: true);
    }
}
