using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>The calls beside those that make a picture in one answer, and the addresses of all of them.</summary>
public sealed class VertexCallTests : IAsyncLifetime
{
    private const string Ask = """{"contents":{"role":"user","parts":{"text":"a light house"}}}""";
    private const string Model = "publishers/google/models/gemini-3.1-flash-image";

    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData("v1/projects/p/locations/global/" + Model, 200)]
    [InlineData("v1beta1/projects/p/locations/global/" + Model, 200)]
    [InlineData("v1/" + Model, 200)]
    [InlineData("v1beta1/" + Model, 200)]
    [InlineData("v1/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash-image", 200)]
    [InlineData("v1/projects/p/locations/us-central1/" + Model, 404)]
    [InlineData("v2/" + Model, 404)]
    [InlineData("v1/publishers/anthropic/models/gemini-3.1-flash-image", 404)]
    public async Task Models_are_reached_by_every_address_that_Google_gives_them(string address, int status)
    {
        foreach (var method in new[] { "generateContent", "streamGenerateContent", "countTokens" })
        {
            Assert.Equal(status, (int)(await PostAsync($"{address}:{method}?key=k")).Status);
        }
    }

    [Fact]
    public async Task A_stream_is_an_array_or_events_with_the_picture_last()
    {
        var (_, array, type) = await PostAsync($"v1/{Model}:streamGenerateContent");
        Assert.Equal("application/json", type);
        AssertChunks([.. JsonDocument.Parse(array).RootElement.EnumerateArray()]);

        (_, var events, type) = await PostAsync($"v1/{Model}:streamGenerateContent?alt=sse");
        Assert.Equal("text/event-stream", type);
        var lines = events.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("data: {", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain('\n', line));
        AssertChunks([.. lines.Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement)]);
        Assert.Equal((2, 2), (_vertex.Calls, _vertex.ImagesMade));
        Assert.All(_vertex.Log, call => Assert.Equal(("streamGenerateContent", "a light house"), (call.Method, call.Prompt)));
    }

    [Fact]
    public async Task An_error_of_a_stream_is_in_an_array_unless_events_are_asked_for()
    {
        var (status, array, _) = await PostAsync($"v1/{Model}:streamGenerateContent", "{}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400, JsonDocument.Parse(array).RootElement[0].GetProperty("error").GetProperty("code").GetInt32());

        (_, var plain, _) = await PostAsync($"v1/{Model}:streamGenerateContent?alt=sse", "{}");
        Assert.Equal(400, JsonDocument.Parse(plain).RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(Ask, 4, 11, "TEXT")]
    [InlineData("""{"instances":[{"prompt":"a light house"}]}""", 4, 11, "TEXT")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"abcd"},{"fileData":{"fileUri":"gs://b/o","mimeType":"image/png"}}]}],"systemInstruction":{"parts":{"text":"efgh"}}}""", 260, 8, "TEXT IMAGE")]
    public async Task Tokens_are_counted_without_a_call_of_the_model(string body, int tokens, int characters, string modalities)
    {
        var count = JsonDocument.Parse((await PostAsync($"v1/{Model}:countTokens", body)).Body).RootElement;

        Assert.Equal(
            (tokens, characters), (count.GetProperty("totalTokens").GetInt32(), count.GetProperty("totalBillableCharacters").GetInt32()));
        var details = count.GetProperty("promptTokensDetails").EnumerateArray().ToList();
        Assert.Equal(modalities, string.Join(' ', details.Select(d => d.GetProperty("modality").GetString())));
        Assert.Equal(tokens, details.Sum(d => d.GetProperty("tokenCount").GetInt32()));
        Assert.Equal((0, 0), (_vertex.Calls, _vertex.ImagesMade));
    }

    [Theory]
    [InlineData("v1/" + Model + ":generateContent?x=1", 400, "Unknown name \\\"x\\\": Cannot bind query parameter. Field 'x' could not be found in request message.")]
    [InlineData("v1/" + Model + ":generateContent?fields=candidates", 501, "'fields'")]
    [InlineData("v1/" + Model + ":generateContent?alt=sse", 501, "'alt=sse'")]
    [InlineData("v1/" + Model + ":countTokens", 400, "contents", "{}")]
    [InlineData("v1/publishers/google/models/imagen-4.0-generate-001:countTokens", 400, "countTokens")]
    [InlineData("v1/" + Model + ":fetchPicture", 404, "fetchPicture")]
    public async Task What_a_call_does_not_take_is_refused(string address, int status, string words, string body = Ask)
    {
        var answer = await PostAsync(address, body);

        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(words, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed_page_by_page()
    {
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await GetAsync($"v1beta1/publishers/google/models?pageSize=7&pageToken={Uri.EscapeDataString(token)}");
            names.AddRange(page.Body.GetProperty("publisherModels").EnumerateArray().Select(m => m.GetProperty("name").GetString()!));
            token = page.Body.TryGetProperty("nextPageToken", out var next) ? next.GetString()! : "";
            Assert.True(names.Count < 1000);
        }
        while (token.Length > 0);

        Assert.Contains(Model, names);
        Assert.True(names.Count > 7);
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Equal("GA", (await GetAsync($"v1/{Model}")).Body.GetProperty("launchStage").GetString());
    }

    [Theory]
    [InlineData("v1/publishers/google/models/nano-banana", 404)]
    [InlineData("v1/publishers/google/models", 404)]
    [InlineData("v1beta1/publishers/google/models?pageSize=x", 400)]
    [InlineData("v1beta1/publishers/google/models?pageToken=x", 400)]
    [InlineData("v1beta1/publishers/google/models?orderBy=name", 501)]
    [InlineData("v1/projects/p/locations/global/" + Model, 404)]
    public async Task Lists_and_models_that_there_are_not_are_refused(string address, int status) =>
        Assert.Equal(status, (await GetAsync(address)).Status);

    [Fact]
    public async Task Each_call_has_its_faults()
    {
        _vertex.Faults.Add("vertex.streamGenerateContent", "return-503");
        _vertex.Faults.Add("vertex.countTokens", new Fault.ReturnStatus(429) { RetryAfter = 3 });
        _vertex.Faults.Add("vertex.models.get", "error-500-array");
        _vertex.Faults.Add("vertex.models", "return-403");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"v1/{Model}:generateContent")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await PostAsync($"v1/{Model}:streamGenerateContent")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync($"v1/{Model}:countTokens")).Status);
        Assert.Equal(JsonValueKind.Array, (await GetAsync($"v1/{Model}")).Body.ValueKind);
        Assert.Equal(403, (await GetAsync("v1beta1/publishers/google/models")).Status);
        Assert.Equal(0, _vertex.Faults.Pending);
    }

    [Fact]
    public async Task A_fault_of_pictures_passes_by_what_makes_none()
    {
        _vertex.Faults.Add("*", "finish-IMAGE_SAFETY");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync($"v1/{Model}:countTokens")).Status);

        var chunk = Assert.Single(JsonDocument.Parse((await PostAsync($"v1/{Model}:streamGenerateContent")).Body).RootElement.EnumerateArray());

        Assert.Equal("IMAGE_SAFETY", chunk.GetProperty("candidates")[0].GetProperty("finishReason").GetString());
    }

    [Fact]
    public async Task A_stream_can_break_off_in_its_middle()
    {
        var whole = await RawHttp.PostAsync(new Uri(_vertex.Address, $"v1/{Model}:streamGenerateContent"), Ask);
        _vertex.Faults.Add("*", "reset-inside-body");
        var half = await RawHttp.PostAsync(new Uri(_vertex.Address, $"v1/{Model}:streamGenerateContent"), Ask);
        Assert.True(half.Reset);
        Assert.InRange(half.Body.Length, whole.Body.Length * 0.49, whole.Body.Length * 0.51);

        _vertex.Faults.Add("*", "malformed-json");
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(PostAsync($"v1/{Model}:streamGenerateContent").GetAwaiter().GetResult().Body));
    }

    private static void AssertChunks(IReadOnlyList<JsonElement> chunks)
    {
        Assert.Equal(2, chunks.Count);
        Assert.True(Part(chunks[0]).TryGetProperty("text", out _));
        Assert.False(chunks[0].GetProperty("candidates")[0].TryGetProperty("finishReason", out _));
        Assert.False(chunks[0].GetProperty("usageMetadata").TryGetProperty("totalTokenCount", out _));
        Assert.NotEmpty(Part(chunks[1]).GetProperty("inlineData").GetProperty("data").GetBytesFromBase64());
        Assert.Equal("STOP", chunks[1].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
        Assert.True(chunks[1].GetProperty("usageMetadata").GetProperty("totalTokenCount").GetInt32() > 0);
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("responseId").GetString()).Distinct());
    }

    private static JsonElement Part(JsonElement chunk) =>
        Assert.Single(chunk.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray());

    private async Task<(HttpStatusCode Status, string Body, string? Type)> PostAsync(string address, string body = Ask)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Vertex.Http.PostAsync(new Uri(_vertex.Address, address), content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(int Status, JsonElement Body)> GetAsync(string address)
    {
        using var response = await Vertex.Http.GetAsync(new Uri(_vertex.Address, address));
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
