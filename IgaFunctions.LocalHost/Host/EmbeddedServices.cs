using Iga.Configuration;
using Iga.Embedded;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Staging;

namespace Iga.LocalHost.Host;

/// <summary>The services that the host runs itself, since the user has configured none.</summary>
internal sealed class EmbeddedServices : IAsyncDisposable
{
    private readonly EmbeddingPlan _plan;
    private readonly string _imageDirectory;

    private EmbeddedServices(EmbeddingPlan plan, string localDirectory) =>
        (_plan, _imageDirectory) = (plan, Path.Combine(localDirectory, "gcs"));

    public EmbeddedPostgres? Postgres { get; private set; }

    public VertexEmulator? Vertex { get; private set; }

    public GcsEmulator? Storage { get; private set; }

    /// <summary>Where the images of the embedded bucket lie as files.</summary>
    public string ImageDirectory => Path.Combine(_imageDirectory, EmbeddingPlan.Bucket);

    /// <param name="emulatorConnections">So many may be open to each emulator.</param>
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
        FolderOwner.Refuse(localDirectory);
        if (_plan.Postgres)
        {
            Postgres = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions { BaseDirectory = localDirectory, Tell = tell }, cancellationToken);
        }

        if (_plan.Vertex)
        {
            Vertex = await VertexEmulator.StartAsync(
                new VertexEmulatorOptions { ModelCatalogFile = _plan.ModelCatalog, MaxConnections = emulatorConnections }, cancellationToken);
        }

        if (_plan.Storage)
        {
            FolderOwner.MakeOwn(_imageDirectory);
            Storage = await StartStorageAsync(emulatorConnections, cancellationToken);
        }
    }

    private async Task<GcsEmulator> StartStorageAsync(int connections, CancellationToken cancellationToken)
    {
        try
        {
            return await GcsEmulator.StartAsync(
                new GcsEmulatorOptions
                {
                    Buckets = [EmbeddingPlan.Bucket],
                    DataDirectory = _imageDirectory,
                    MaxConnections = connections,
                },
                cancellationToken);
        }
        catch (IOException exception) when (exception.InnerException is IOException)
        {
            throw new EmbeddedServiceException(
                $"The embedded bucket can't be opened: {exception.Message} Stop the IGA that uses it, or make room on the disk, "
                + "or set IGA_LOCAL_DIR to another folder.",
                exception);
        }
    }
}
