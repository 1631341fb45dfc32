using Iga.Tests.Fixtures;

namespace Iga.Tests.Staging;

/// <summary>Azurite, started once for the tests of a class.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private AzuriteServer? _server;

    /// <summary>Where it listens; the test that asks is skipped where it is not installed.</summary>
    public string ConnectionString
    {
        get
        {
            AzuriteServer.SkipWithout();
            return _server!.ConnectionString;
        }
    }

    public async ValueTask InitializeAsync() => _server = AzuriteServer.IsInstalled ? await AzuriteServer.StartAsync() : null;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
