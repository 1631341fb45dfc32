using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.RealClients;

/// <summary>One run of a script against an emulator of its own, for all the tests of a class: how each of its calls was answered.</summary>
public abstract class ScriptRun : IAsyncLifetime
{
    private readonly Lazy<Task<JsonElement>> _seen;
    private GcsEmulator _gcs = null!;

    /// <param name="script">The file's name.</param>
    protected ScriptRun(string script) => _seen = new(() => NodeScript.RunAsync(
        script, new Dictionary<string, string> { ["STORAGE_EMULATOR_HOST"] = _gcs.Address.ToString().TrimEnd('/') }));

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = ["archive", "pictures"] });

    public async ValueTask DisposeAsync()
    {
        await _gcs.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <returns>What was seen of a call; an object as its JSON.</returns>
    public async Task<string> SeenAsync(string call) => (await _seen.Value).GetProperty(call).ToString();
}
