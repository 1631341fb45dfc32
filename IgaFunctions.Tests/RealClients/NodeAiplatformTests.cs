using Iga.Emulators.Vertex;

namespace Iga.Tests.RealClients;

/// <summary>The emulator of Vertex AI, as @google-cloud/aiplatform for Node takes it over REST.</summary>
public sealed class NodeAiplatformTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Fact]
    public async Task Pictures_of_both_dialects_a_stream_a_count_models_and_an_error_arrive()
    {
        var seen = await NodeScript.RunAsync(
            "aiplatform.mjs", new Dictionary<string, string> { ["ENDPOINT"] = _vertex.Address.ToString() });

        Assert.Equal("""["image/png","image/png"]""", seen.GetProperty("predicted").GetRawText());
        Assert.Equal("""{"parts":["text","inlineData"],"reason":"STOP"}""", seen.GetProperty("made").GetRawText());
        Assert.Equal("""[["text"],["inlineData"]]""", seen.GetProperty("stream").GetRawText());
        Assert.True(seen.GetProperty("tokens").GetInt32() > 0);
        Assert.Equal(
            """["publishers/google/models/gemini-3.1-flash-image","GA"]""", seen.GetProperty("models").GetProperty("got").GetRawText());
        Assert.True(seen.GetProperty("models").GetProperty("listed").GetInt32() > 5); // over several pages
        Assert.Equal(5, seen.GetProperty("error")[0].GetInt32()); // NOT_FOUND
        Assert.Contains("nano-banana` was not found", seen.GetProperty("error")[1].GetString(), StringComparison.Ordinal);
    }
}
