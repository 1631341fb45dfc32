using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>What the body of a request may be, member by member.</summary>
public sealed class VertexRequestBodyTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData("""{}""", "instances")]
    [InlineData("""{"instances": [{"prompt": "a"}, {"prompt": "b"}]}""", "instances")]
    [InlineData("""{"instances": [{"prompt": 7}]}""", "instances[0].prompt")]
    [InlineData("""{"instances": [{"prompt": "  "}]}""", "instances[0].prompt")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"sampleCount": 5}}""", "parameters.sampleCount")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"sampleCount": 0}}""", "parameters.sampleCount")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"aspectRatio": "21:9"}}""", "parameters.aspectRatio")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"seed": 1}}""", "parameters.seed")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"seed": 1, "addWatermark": true}}""", "parameters.seed")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"addWatermark": "no"}}""", "parameters.addWatermark")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"personGeneration": "x"}}""", "parameters.personGeneration")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"outputOptions": {"mimeType": "image/gif"}}}""", "mimeType")]
    [InlineData("""{"instances": [{"prompt": "a"}""", "Invalid JSON payload")]
    [InlineData("""["a"]""", "Root element")]
    public Task Predict_names_the_field_that_is_wrong(string body, string field) =>
        AssertInvalidAsync(Vertex.ImagenModel, "predict", body, field);

    [Theory]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"seed": 1, "addWatermark": false, "sampleCount": 1}}""")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"personGeneration": "allow_adult", "sampleCount": 1.0}}""")]
    [InlineData("""{"instances": [{"prompt": "a"}], "parameters": {"whatever": {}, "language": "auto", "sampleCount": 1}}""")]
    public async Task Predict_takes_what_the_real_service_takes(string body) =>
        Assert.Equal(HttpStatusCode.OK, (await PostTextAsync(Vertex.ImagenModel, "predict", body)).Status);

    [Theory]
    [InlineData("""{}""", "contents")]
    [InlineData("""{"contents": []}""", "contents")]
    [InlineData("""{"contents": [{"parts": [{"text": "a"}]}]}""", "Please use a valid role")]
    [InlineData("""{"contents": [{"role": "user", "parts": []}]}""", "contents[0].parts")]
    [InlineData("""{"contents": [{"role": "user", "parts": [{"text": " "}]}]}""", "contents")]
    [InlineData("""{"contents": [{"role": "user", "parts": [{"txt": "a"}]}]}""", "Unknown name \"txt\" at 'contents[0].parts[0]'")]
    [InlineData("""{"prompt": "a"}""", "Unknown name \"prompt\"")]
    [InlineData("""{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"sampleCount": 1}}""", "sampleCount")]
    [InlineData(
        """{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"imageConfig": {"aspectRatio": "1:9"}}}""",
        "image_config.aspect_ratio")]
    [InlineData(
        """{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"imageConfig": {"imageSize": "8K"}}}""",
        "image_config.image_size")]
    [InlineData(
        """{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"responseModalities": ["SMELL"]}}""",
        "response_modalities")]
    public Task GenerateContent_names_the_field_that_is_wrong(string body, string field) =>
        AssertInvalidAsync(Vertex.GeminiModel, "generateContent", body, field);

    [Fact]
    public async Task GenerateContent_makes_no_picture_when_only_text_is_wanted()
    {
        var (status, body) = await PostTextAsync(
            Vertex.GeminiModel,
            "generateContent",
            """{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generation_config": {"response_modalities": ["TEXT"]}}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("inlineData", body, StringComparison.Ordinal);
        Assert.Equal((1, 0), (_vertex.Calls, _vertex.ImagesMade));
    }

    private async Task AssertInvalidAsync(string model, string method, string body, string field)
    {
        var (status, text) = await PostTextAsync(model, method, body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = JsonNode.Parse(text)!["error"]!;
        Assert.Equal("INVALID_ARGUMENT", (string?)error["status"]);
        Assert.Equal(400, (int?)error["code"]);
        Assert.Contains(field, (string?)error["message"], StringComparison.Ordinal);
        Assert.Equal((1, 0), (_vertex.Calls, _vertex.ImagesMade));
    }

    private async Task<(HttpStatusCode Status, string Body)> PostTextAsync(string model, string method, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Vertex.Http.PostAsync(_vertex.Url(model, method), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
