using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>Which models there are, where, and what each of them counts.</summary>
public sealed class VertexModelTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData("gemini-9-image", "generateContent")]
    [InlineData("gemini-3.1-flash-imag", "generateContent")]
    [InlineData("imagen-9.0-generate-001", "predict")]
    [InlineData("imagegeneration@999", "predict")]
    public async Task An_id_that_the_catalog_does_not_have_is_not_found(string model, string method)
    {
        var body = method == "predict" ? Vertex.Imagen("a lighthouse") : Vertex.Gemini("a lighthouse");
        var answer = await _vertex.PostAsync(model, method, body);
        Assert.Equal(404, answer.Status);
        Assert.Equal(
            $"Publisher Model `projects/p/locations/global/publishers/google/models/{model}` was not found or your project does not have "
            + "access to it. Please ensure you are using a valid model version.",
            Vertex.Message(answer));
        Assert.Equal("NOT_FOUND", answer.Body.GetProperty("error").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("gemini-3.1-flash-image", "us-central1", 404)]
    [InlineData("gemini-nano-banana-2.1", "eu", 404)]
    [InlineData("gemini-3-pro-image", "europe-west1", 404)]
    [InlineData("gemini-2.5-flash-image", "asia-east1", 404)]
    [InlineData("gemini-2.5-flash-image", "europe-west1", 200)]
    [InlineData("gemini-2.5-flash", "us-central1", 200)]
    public async Task A_model_is_found_only_where_it_is_served(string model, string location, int status)
    {
        var url = new Uri(_vertex.Address, $"v1/projects/p/locations/{location}/publishers/google/models/{model}:generateContent");
        var body = model == "gemini-2.5-flash" ? Vertex.TextOnly("a lighthouse") : Vertex.Gemini("a lighthouse");
        using var response = await Vertex.Http.PostAsJsonAsync(url, body);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("gemini-3.1-flash-image", "512", 747, true)]
    [InlineData("gemini-3.1-flash-image", null, 1120, true)]
    [InlineData("gemini-3.1-flash-image", "4K", 2520, true)]
    [InlineData("gemini-nano-banana-2.1", "4K", 3780, true)]
    [InlineData("gemini-3-pro-image", "2K", 1120, true)]
    [InlineData("gemini-2.5-flash-image", null, 1290, false)]
    public async Task An_answer_counts_its_tokens_as_the_model_does(string model, string? size, int tokens, bool thinks)
    {
        var (_, answer) = await _vertex.PostAsync(model, "generateContent", Vertex.Gemini("a lighthouse", size: size));

        var usage = answer.GetProperty("usageMetadata");
        var thoughts = thinks ? usage.GetProperty("thoughtsTokenCount").GetInt32() : 0;
        Assert.Equal(thinks, usage.TryGetProperty("thoughtsTokenCount", out _));
        Assert.Equal(!thinks, thoughts == 0);
        Assert.Equal(tokens, usage.GetProperty("candidatesTokenCount").GetInt32());
        Assert.Equal(3 + tokens + thoughts, usage.GetProperty("totalTokenCount").GetInt32());
        Assert.Equal(("TEXT", 3), Detail(usage, "promptTokensDetails"));
        Assert.Equal(("IMAGE", tokens), Detail(usage, "candidatesTokensDetails"));
        Assert.Equal(model, answer.GetProperty("modelVersion").GetString());
        Assert.Matches("^[A-Za-z0-9_-]{22}$", answer.GetProperty("responseId").GetString());
        Assert.True(answer.GetProperty("createTime").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task A_request_with_a_reference_picture_counts_what_countTokens_says_of_it()
    {
        var body = JsonElement.Parse("""
            {"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "gs://b/a.png", "mimeType": "image/png"}}, {"text": "a hat on it"}]}]}
            """);
        var counted = (await _vertex.PostAsync(Vertex.GeminiModel, "countTokens", body)).Body;
        var usage = (await _vertex.PostAsync(Vertex.GeminiModel, "generateContent", body)).Body.GetProperty("usageMetadata");
        Assert.Equal(258 + 3, usage.GetProperty("promptTokenCount").GetInt32());
        Assert.Equal(counted.GetProperty("totalTokens").GetInt32(), usage.GetProperty("promptTokenCount").GetInt32());
        Assert.Equal(["TEXT", "IMAGE"], usage.GetProperty("promptTokensDetails").EnumerateArray().Select(d => d.GetProperty("modality").GetString()));
    }

    [Theory]
    [InlineData(null, null, "ON_DEMAND")]
    [InlineData("shared", null, "ON_DEMAND")]
    [InlineData("shared", "priority", "ON_DEMAND_PRIORITY")]
    [InlineData("shared", "flex", "ON_DEMAND_FLEX")]
    [InlineData("dedicated", null, "PROVISIONED_THROUGHPUT")]
    public async Task The_kind_of_traffic_follows_the_headers(string? type, string? shared, string traffic)
    {
        using var response = await AskAsync(type, shared);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(traffic, answer.GetProperty("usageMetadata").GetProperty("trafficType").GetString());
    }

    [Theory]
    [InlineData("shared", "prioritty", "X-Vertex-AI-LLM-Shared-Request-Type")]
    [InlineData("mine", null, "X-Vertex-AI-LLM-Request-Type")]
    public async Task A_kind_of_traffic_that_does_not_exist_is_refused_by_its_headers_name(string? type, string? shared, string header)
    {
        using var response = await AskAsync(type, shared);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(header, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("temperature", "temperature")]
    [InlineData("topP", "top_p")]
    [InlineData("topK", "top_k")]
    [InlineData("seed", "seed")]
    public async Task Sampling_parameters_are_refused_by_the_model_that_refuses_them(string field, string named)
    {
        var body = Sampled(field);
        var refused = await _vertex.PostAsync("gemini-nano-banana-2.1", "generateContent", body);
        Assert.Equal(400, refused.Status);
        Assert.Contains($"generation_config.{named}", Vertex.Message(refused), StringComparison.Ordinal);
        Assert.Equal(200, (await _vertex.PostAsync(Vertex.GeminiModel, "generateContent", body)).Status);
    }

    [Fact]
    public async Task A_text_model_answers_text_and_refuses_to_draw()
    {
        var (status, answer) = await _vertex.PostAsync("gemini-2.5-flash", "generateContent", Vertex.TextOnly("a lighthouse"));
        Assert.Equal(200, status);
        var part = Assert.Single(answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray());
        Assert.False(string.IsNullOrWhiteSpace(part.GetProperty("text").GetString()));
        Assert.Equal("TEXT", Detail(answer.GetProperty("usageMetadata"), "candidatesTokensDetails").Modality);

        var refused = await _vertex.PostAsync("gemini-2.5-flash", "generateContent", Vertex.Gemini("a lighthouse"));
        Assert.Equal((400, "Multi-modal output is not supported."), (refused.Status, Vertex.Message(refused)));
        Assert.Equal(0, _vertex.ImagesMade);
    }

    private async Task<HttpResponseMessage> AskAsync(string? type, string? shared)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _vertex.Url(Vertex.GeminiModel, "generateContent"));
        request.Content = JsonContent.Create(Vertex.Gemini("a lighthouse"));
        request.Headers.Add("X-Vertex-AI-LLM-Request-Type", type is null ? [] : [type]);
        request.Headers.Add("X-Vertex-AI-LLM-Shared-Request-Type", shared is null ? [] : [shared]);
        return await Vertex.Http.SendAsync(request);
    }

    private static JsonElement Sampled(string field) => JsonElement.Parse(
        $$$"""{"contents": [{"role": "user", "parts": [{"text": "a"}]}], "generationConfig": {"{{{field}}}": 1}}""");

    private static (string? Modality, int Tokens) Detail(JsonElement usage, string name)
    {
        var detail = Assert.Single(usage.GetProperty(name).EnumerateArray());
        return (detail.GetProperty("modality").GetString(), detail.GetProperty("tokenCount").GetInt32());
    }
}
