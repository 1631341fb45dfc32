using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Emulators;

public sealed class VertexRequestTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Fact]
    public async Task Predict_makes_four_pictures_unless_told_otherwise()
    {
        var (status, four) = await _vertex.PostAsync(
            Vertex.ImagenModel, "predict", Vertex.Imagen("a lighthouse", sampleCount: null));
        Assert.Equal(200, status);
        Assert.Equal(4, four.GetProperty("predictions").GetArrayLength());
        var pictures = Enumerable.Range(0, 4).Select(i => Convert.ToHexString(Vertex.Prediction(four, i).Bytes));
        Assert.Equal(4, pictures.Distinct().Count());
        Assert.Equal("a lighthouse", four.GetProperty("predictions")[0].GetProperty("prompt").GetString());
        Assert.Equal("image/png", Vertex.Prediction(four).MimeType);
        Assert.Equal((1, 4), (_vertex.Calls, _vertex.ImagesMade));
        // Counted once the last byte is sent, when the client may have read it already.
        await Eventually.Async(() => _vertex.ImagesSent == 4);

        var (_, one) = await _vertex.PredictAsync();
        Assert.Equal(1, one.GetProperty("predictions").GetArrayLength());
    }

    [Fact]
    public async Task GenerateContent_answers_in_the_shape_of_the_real_service()
    {
        var (status, answer) = await _vertex.GenerateAsync();
        Assert.Equal(200, status);
        Assert.Equal("STOP", answer.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.Equal("model", answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("role").GetString());
        Assert.Equal(Vertex.GeminiModel, answer.GetProperty("modelVersion").GetString());
        Assert.Equal(3 + 1120 + 96, answer.GetProperty("usageMetadata").GetProperty("totalTokenCount").GetInt32());
        Assert.Equal("image/png", Vertex.Inline(answer).MimeType);
    }

    [Theory]
    [InlineData("gemini-3.1-flash-image", """{"imageConfig":{"aspectRatio":"4:1","imageSize":"512"},"seed":1}""", 200, "")]
    [InlineData("gemini-2.5-flash-image", """{"imageConfig":{"aspectRatio":"4:1"}}""", 400, "aspect_ratio")]
    [InlineData("gemini-2.5-flash-image", """{"imageConfig":{"imageSize":"1K"}}""", 400, "does not support this field")]
    [InlineData("gemini-3-pro-image", """{"imageConfig":{"imageSize":"512"}}""", 400, "image_size")]
    [InlineData("gemini-nano-banana-2.1", """{"seed":1}""", 400, "seed")]
    public async Task Each_model_takes_what_the_catalog_says_of_it(string model, string config, int status, string message)
    {
        var answer = await _vertex.PostAsync(model, "generateContent", JsonNode.Parse(
            $$"""{"contents":[{"role":"user","parts":[{"text":"x"}]}],"generationConfig":{{config}}}""")!);

        Assert.Equal(status, answer.Status);
        Assert.Contains(message, answer.Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gs://b/a.png", "image/png", 3, 200)]
    [InlineData("gs://b/a.png", "image/png", 4, 400)]
    [InlineData("gs://b/a.png", "image/gif", 1, 400)]
    [InlineData("https://b/a.png", "image/png", 1, 400)]
    public async Task Reference_pictures_are_checked(string uri, string mimeType, int count, int status)
    {
        var parts = string.Join(',', Enumerable.Repeat($$$"""{"fileData":{"fileUri":"{{{uri}}}","mimeType":"{{{mimeType}}}"}}""", count));

        var answer = await _vertex.PostAsync("gemini-2.5-flash-image", "generateContent", JsonNode.Parse(
            $$"""{"contents":[{"role":"user","parts":[{{parts}},{"text":"x"}]}]}""")!);

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task Where_a_model_is_not_served_it_does_not_exist()
    {
        using var response = await Vertex.Http.PostAsJsonAsync(
            new Uri(_vertex.Address, $"v1/projects/p/locations/us-central1/publishers/google/models/{Vertex.GeminiModel}:generateContent"),
            Vertex.Gemini("x"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task A_call_is_logged_as_it_arrived()
    {
        await _vertex.GenerateAsync("a lighthouse at dawn");
        var call = Assert.Single(_vertex.Log);
        Assert.Equal((Vertex.GeminiModel, "generateContent", "a lighthouse at dawn"), (call.ModelId, call.Method, call.Prompt));
        Assert.Equal("1:1", (string?)JsonNode.Parse(call.Body)!["generationConfig"]!["imageConfig"]!["aspectRatio"]);
    }

    [Theory]
    [InlineData("imagegeneration@006")]
    [InlineData("imagegeneration%40006")]
    public async Task A_model_id_with_an_at_sign_is_understood_escaped_or_not(string model)
    {
        Assert.Equal(200, (await _vertex.PostAsync(model, "predict", Vertex.Imagen("a lighthouse"))).Status);
        Assert.Equal("imagegeneration@006", _vertex.Log[0].ModelId);
    }

    [Theory]
    [InlineData("nano-banana", "generateContent", 404, "was not found or your project does not have access to it")]
    [InlineData("gemini-3.1-flash-image", "predict", 400, "Gemini cannot be accessed through Vertex Predict")]
    [InlineData("imagen-4.0-generate-001", "generateContent", 400, "not supported in the generateContent API")]
    public async Task A_model_answers_only_in_its_own_dialect(string model, string method, int status, string message)
    {
        var answer = await _vertex.PostAsync(model, method, Vertex.Gemini("a lighthouse"));
        Assert.Equal(status, answer.Status);
        Assert.Contains(message, Vertex.Message(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_known_models_exist_when_they_are_listed()
    {
        var known = new HashSet<string> { Vertex.GeminiModel };
        await using var vertex = await VertexEmulator.StartAsync(new() { KnownModels = known });
        Assert.Equal(200, (await vertex.GenerateAsync()).Status);
        var answer = await vertex.PredictAsync();
        Assert.Equal(404, answer.Status);
        Assert.Equal("NOT_FOUND", answer.Body.GetProperty("error").GetProperty("status").GetString());
    }

    [Fact]
    public async Task It_listens_on_loopback_only()
    {
        var e = await Assert.ThrowsAsync<ArgumentException>(() => VertexEmulator.StartAsync(new() { Host = "0.0.0.0" }));
        Assert.Contains("not a loopback address", e.Message, StringComparison.Ordinal);
    }
}
