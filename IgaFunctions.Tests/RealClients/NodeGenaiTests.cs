using System.Text.Json;
using Iga.Emulators.Vertex;

namespace Iga.Tests.RealClients;

/// <summary>The emulator of Vertex AI, as @google/genai for Node takes it.</summary>
public sealed class NodeGenaiTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Fact]
    public async Task Pictures_streams_counts_lists_and_errors_arrive()
    {
        var seen = await NodeScript.RunAsync(
            "genai.mjs", new Dictionary<string, string> { ["ENDPOINT"] = _vertex.Address.ToString() });

        Assert.Equal(
            ("image/jpeg", "STOP", "gemini-3.1-flash-image"),
            (Text(seen, "made", "picture", "type"), Text(seen, "made", "reason"), Text(seen, "made", "model")));
        Assert.Equal("image/png", Text(seen, "editedInline", "type"));
        Assert.Equal("image/png", Text(seen, "editedByUri", "type"));
        Assert.Equal("image/png", seen.GetProperty("ofProject").GetString());

        // The words first, then the picture; what it counted for with the last chunk alone.
        var stream = seen.GetProperty("stream");
        Assert.Equal(2, stream.GetArrayLength());
        Assert.NotEqual("", Text(stream[0], "text"));
        Assert.False(stream[0].TryGetProperty("total", out _) || stream[0].TryGetProperty("reason", out _));
        Assert.Equal(("image/png", "STOP"), (Text(stream[1], "picture"), Text(stream[1], "reason")));
        Assert.True(stream[1].GetProperty("total").GetInt32() > 1120);

        Assert.True(seen.GetProperty("tokens").GetInt32() > 0);
        var listed = seen.GetProperty("listed").EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Contains("publishers/google/models/gemini-3.1-flash-image", listed);
        Assert.True(listed.Count > 3 && listed.Distinct().Count() == listed.Count); // over several pages
        Assert.Equal(0, seen.GetProperty("tuned").GetInt32());
        Assert.Equal("publishers/google/models/gemini-3.1-flash-image", seen.GetProperty("got")[0].GetString());
        Assert.Equal(2, seen.GetProperty("imagen").GetArrayLength());
        AssertErrors(seen.GetProperty("errors"));
    }

    private static void AssertErrors(JsonElement errors)
    {
        Assert.All(errors.EnumerateObject(), error => Assert.Equal("ApiError", Text(error.Value, "name")));
        Assert.Equal((404, true), Error("unknownModel", "nano-banana"));
        Assert.Equal((400, true), Error("ratio", "image_config.aspect_ratio"));
        Assert.Equal((400, true), Error("stream", "(type.googleapis.com/google.cloud.aiplatform.v1beta1.GenerationConfig.Modality), \"SMELL\""));
        Assert.Equal((404, true), Error("got", "Publisher Model `publishers/google/models/nano-banana` is not found."));
        Assert.Equal((501, true), Error("filter", "filter"));

        (int Status, bool Says) Error(string name, string words) => (
            errors.GetProperty(name).GetProperty("status").GetInt32(),
            Text(errors, name, "message").Contains(words, StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            element = element.GetProperty(name);
        }

        return element.GetString()!;
    }
}
