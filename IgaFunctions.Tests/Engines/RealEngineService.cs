using Iga.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Engines;

/// <summary>The service under test on Microsoft's engine, with emulators, a database and an Azurite of its own.</summary>
public sealed class RealEngineService : Service
{
    private RealEngine? _engine;

    public override bool IsOnFunctions => false;

    public override async ValueTask InitializeAsync()
    {
        if (AzuriteServer.IsInstalled)
        {
            await StartAsync();
        }
    }

    public override async Task PurgeAsync(Guid taskId) =>
        Assert.Equal(1, (await _engine!.Hub.PurgeInstanceAsync(taskId.ToString())).PurgedInstanceCount);

    /// <returns>Itself; where Azurite is not installed the test is skipped.</returns>
    public Service OrSkip()
    {
        AzuriteServer.SkipWithout();
        return this;
    }

    protected override async Task<Uri> StartHostAsync(Dictionary<string, string?> settings)
    {
        var storage = await AzuriteServer.StartAsync();
        Own(storage);
        settings["AzureWebJobsStorage"] = storage.ConnectionString;
        _engine = await RealEngine.StartAsync(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Own(_engine);
        return _engine.Address;
    }
}
