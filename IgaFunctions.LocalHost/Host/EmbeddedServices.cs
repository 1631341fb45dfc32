using System.Security.Cryptography;
using Iga.Configuration;
using Iga.Embedded;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Staging;

namespace Iga.LocalHost.Host;

/// <summary>
/// The services that the host brings itself, since the user has configured none. Hosts that run at the same time with the same
/// folder share them: each can end while the others go on.
/// </summary>
internal sealed class EmbeddedServices : IAsyncDisposable
{
    private readonly EmbeddingPlan _plan;
    private readonly string _imageDirectory;
    private readonly string _emulatorDirectory;

    private EmbeddedServices(EmbeddingPlan plan, string localDirectory)
    {
        _plan = plan;
        _imageDirectory = Path.Combine(localDirectory, "gcs");
        _emulatorDirectory = Path.Combine(localDirectory, "emulators");
    }

    public EmbeddedPostgres? Postgres { get; private set; }

    public SharedEmulator? Vertex { get; private set; }

    public SharedEmulator? Storage { get; private set; }

    /// <summary>Where the images of the embedded bucket lie as files.</summary>
    public string ImageDirectory => Path.Combine(_imageDirectory, EmbeddingPlan.Bucket);

    /// <param name="emulatorConnections">So many may be open to each emulator.</param>
    /// <param name="tell">Is told of what takes long.</param>
    /// <exception cref="EmbeddedServiceException">One could not be started; those before it are stopped again.</exception>
    public static async Task<EmbeddedServices> StartAsync(
        EmbeddingPlan plan, string localDirectory, int emulatorConnections, Action<string> tell, CancellationToken cancellationToken)
    {
        var services = new EmbeddedServices(plan, localDirectory);
        try
        {
            await services.StartAsync(localDirectory, emulatorConnections, tell, cancellationToken);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>The settings with which the app reaches them.</summary>
    public Dictionary<string, string?> Overlay(Settings settings) =>
        _plan.Overlay(settings, Postgres?.ConnectionString, Vertex?.Address, Storage?.Address);

    public async ValueTask DisposeAsync()
    {
        foreach (var service in new IAsyncDisposable?[] { Vertex, Storage, Postgres })
        {
            if (service is not null)
            {
                await service.DisposeAsync();
            }
        }
    }

    private async Task StartAsync(
        string localDirectory, int emulatorConnections, Action<string> tell, CancellationToken cancellationToken)
    {
        if (_plan.EmbedsAnything)
        {
            LocalFolder.Check(localDirectory);
        }
        else
        {
            FolderOwner.Refuse(localDirectory); // pictures may be staged there
        }

        // At once: setting PostgreSQL up is a wait for its programs, and the emulators' start is this process's own work.
        await Task.WhenAll(
            _plan.Vertex ? Task.Run(OpenVertexAsync, CancellationToken.None) : Task.CompletedTask,
            _plan.Storage ? Task.Run(OpenStorageAsync, CancellationToken.None) : Task.CompletedTask,
            _plan.Postgres ? OpenPostgresAsync() : Task.CompletedTask);

        async Task OpenPostgresAsync() => Postgres = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { BaseDirectory = localDirectory, Tell = tell }, cancellationToken);

        async Task OpenVertexAsync() =>
            Vertex = await OpenAsync(VertexName(_plan.ModelCatalog), StartVertexAsync, tell, cancellationToken);

        async Task OpenStorageAsync()
        {
            FolderOwner.MakeOwn(_imageDirectory);
            Storage = await OpenAsync("gcs", StartStorageAsync, tell, cancellationToken);
        }

        async Task<(Uri, IAsyncDisposable)> StartVertexAsync(int port, CancellationToken token)
        {
            var emulator = await VertexEmulator.StartAsync(
                new VertexEmulatorOptions { Port = port, ModelCatalogFile = _plan.ModelCatalog, MaxConnections = emulatorConnections },
                token);
            return (emulator.Address, emulator);
        }

        async Task<(Uri, IAsyncDisposable)> StartStorageAsync(int port, CancellationToken token)
        {
            var emulator = await GcsEmulator.StartAsync(
                new GcsEmulatorOptions
                {
                    Port = port,
                    Buckets = [EmbeddingPlan.Bucket],
                    DataDirectory = _imageDirectory,
                    MaxConnections = emulatorConnections,
                },
                token);
            return (emulator.Address, emulator);
        }
    }

    private async Task<SharedEmulator> OpenAsync(
        string name, SharedEmulator.Starter start, Action<string> tell, CancellationToken cancellationToken)
    {
        FolderOwner.MakeOwn(_emulatorDirectory);
        try
        {
            return await SharedEmulator.OpenAsync(_emulatorDirectory, name, start, tell, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new EmbeddedServiceException(
                $"An embedded emulator can't be started: {exception.Message} Stop the program that uses its files, or make room on the "
                + "disk, or set IGA_LOCAL_DIR to another folder.",
                exception);
        }
    }

    /// <summary>Emulators of different models are not the same one.</summary>
    private static string VertexName(string? modelCatalog) => modelCatalog is null
        ? "vertex"
        : $"vertex-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(modelCatalog)))[..16]}";
}
