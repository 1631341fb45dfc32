using System.Text;
using System.Text.Json;
using Iga.Emulators.Vertex;
using Iga.Images;

namespace Iga.Tests.Emulators;

public sealed class VertexAnswerFaultTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Fact]
    public async Task A_prompt_can_be_blocked_by_an_error()
    {
        _vertex.Faults.Add("*", "blocked-prompt-400", count: 2);
        foreach (var answer in new[] { await _vertex.PredictAsync(), await _vertex.GenerateAsync() })
        {
            Assert.Equal(400, answer.Status);
            Assert.Contains("could not be submitted", Vertex.Message(answer), StringComparison.Ordinal);
            Assert.Contains("Support codes: ", Vertex.Message(answer), StringComparison.Ordinal);
        }

        Assert.Equal(0, _vertex.ImagesMade);
    }

    [Fact]
    public async Task A_filtered_prediction_says_why_only_when_asked_to()
    {
        _vertex.Faults.Add("*", "blocked-prompt-200", count: 2);
        var (status, told) = await _vertex.PredictAsync();
        Assert.Equal(200, status);
        var reason = told.GetProperty("predictions")[0].GetProperty("raiFilteredReason").GetString();
        Assert.Contains("Support codes", reason, StringComparison.Ordinal);
        var (_, silent) = await _vertex.PostAsync(
            Vertex.ImagenModel, "predict", Vertex.Imagen("a lighthouse", includeRaiReason: null));
        Assert.False(silent.TryGetProperty("predictions", out _));
    }

    [Fact]
    public async Task Gemini_blocks_a_prompt_in_its_feedback()
    {
        _vertex.Faults.Add("*", "blocked-prompt-200");
        var (status, answer) = await _vertex.GenerateAsync();
        Assert.Equal(200, status);
        Assert.Equal("PROHIBITED_CONTENT", answer.GetProperty("promptFeedback").GetProperty("blockReason").GetString());
        Assert.False(answer.TryGetProperty("candidates", out _));
    }

    [Fact]
    public async Task A_candidate_can_finish_for_another_reason()
    {
        _vertex.Faults.Add("*", "finish-image-safety");
        var (_, answer) = await _vertex.GenerateAsync();
        var candidate = answer.GetProperty("candidates")[0];
        Assert.Equal("IMAGE_SAFETY", candidate.GetProperty("finishReason").GetString());
        Assert.False(candidate.GetProperty("content").TryGetProperty("parts", out _));
        Assert.Equal(0, _vertex.ImagesMade);
    }

    [Fact]
    public async Task An_answer_can_be_empty()
    {
        _vertex.Faults.Add("*", "no-predictions", count: 2);
        Assert.False((await _vertex.GenerateAsync()).Body.TryGetProperty("candidates", out _));
        Assert.False((await _vertex.PredictAsync()).Body.TryGetProperty("predictions", out _));
    }

    [Fact]
    public async Task A_refusal_can_come_in_words()
    {
        _vertex.Faults.Add("*", "text-only");
        var candidate = (await _vertex.GenerateAsync()).Body.GetProperty("candidates")[0];
        Assert.Equal("STOP", candidate.GetProperty("finishReason").GetString());
        var part = Assert.Single(candidate.GetProperty("content").GetProperty("parts").EnumerateArray());
        Assert.Contains("sorry", part.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jpeg", "image/jpeg", "image/jpeg")]
    [InlineData("wrong-mime", "image/png", "image/jpeg")]
    [InlineData("not-an-image", "image/png", null)]
    public async Task A_picture_can_be_something_else_than_it_should_be(string fault, string claimed, string? real)
    {
        _vertex.Faults.Add("*", fault, count: 2);
        foreach (var (type, bytes) in new[]
        {
            Vertex.Inline((await _vertex.GenerateAsync()).Body), Vertex.Prediction((await _vertex.PredictAsync()).Body),
        })
        {
            Assert.Equal(claimed, type);
            Assert.Equal(real, ImageFormat.Detect(bytes)?.ContentType);
        }
    }

    [Fact]
    public async Task An_oversized_answer_is_as_large_as_it_says_and_valid_to_its_end()
    {
        _vertex.Faults.Add("*", "oversized-3M");
        using var content = new StringContent(JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));
        using var response = await Vertex.Http.PostAsync(_vertex.Url(Vertex.GeminiModel, "generateContent"), content);
        Assert.InRange(response.Content.Headers.ContentLength!.Value, 3 * 1024 * 1024, (3 * 1024 * 1024) + 10_000);
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal(48 * 1024 * 16 * 3, Vertex.Inline(answer).Bytes.Length);
    }

    [Fact]
    public async Task Malformed_JSON_comes_whole_and_with_status_200()
    {
        _vertex.Faults.Add("*", "malformed-json");
        using var content = new StringContent(JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")), Encoding.UTF8);
        using var response = await Vertex.Http.PostAsync(_vertex.Url(Vertex.GeminiModel, "generateContent"), content);
        Assert.True(response.IsSuccessStatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(body));
    }

    [Fact]
    public async Task A_draft_can_be_refused_after_it_was_drawn()
    {
        _vertex.Faults.Add("*", "refused-draft");
        var (_, answer) = await _vertex.GenerateAsync();
        var candidate = answer.GetProperty("candidates")[0];
        Assert.Equal("IMAGE_SAFETY", candidate.GetProperty("finishReason").GetString());
        var part = Assert.Single(candidate.GetProperty("content").GetProperty("parts").EnumerateArray());
        Assert.True(part.GetProperty("thought").GetBoolean());
        Assert.True(part.TryGetProperty("inlineData", out _));
    }

    [Fact]
    public async Task Several_pictures_begin_with_the_one_that_was_asked_for_and_a_draft_comes_before_it()
    {
        _vertex.Faults.Add("*", "answer-several-pictures");
        _vertex.Faults.Add("*", "answer-draft-first");
        var several = Pictures((await _vertex.GenerateAsync()).Body);
        var drafted = Pictures((await _vertex.GenerateAsync()).Body);
        var asked = Vertex.Inline((await _vertex.GenerateAsync()).Body).Bytes;
        Assert.Equal([false, false], several.Select(picture => picture.IsThought));
        Assert.Equal([true, false], drafted.Select(picture => picture.IsThought));
        Assert.Equal(asked, several[0].Bytes);
        Assert.Equal(asked, drafted[1].Bytes);
        Assert.NotEqual(asked, several[1].Bytes);
        Assert.NotEqual(asked, drafted[0].Bytes);
    }

    [Fact]
    public async Task A_refusal_for_safety_says_what_it_was_rated()
    {
        _vertex.Faults.Add("*", "finish-SAFETY");
        var candidate = (await _vertex.GenerateAsync()).Body.GetProperty("candidates")[0];
        Assert.Contains(candidate.GetProperty("safetyRatings").EnumerateArray(), rating => rating.GetProperty("blocked").GetBoolean());
        Assert.False(string.IsNullOrEmpty(candidate.GetProperty("finishMessage").GetString()));
    }

    [Theory]
    [InlineData("error-429-capacity-exhausted", "MODEL_CAPACITY_EXHAUSTED")]
    [InlineData("error-500-throttled", "Request is throttled")]
    [InlineData("error-400-invalid-hostname", "Invalid hostname")]
    [InlineData("error-502-html", "<html>")]
    [InlineData("return-429-retry-info-2.8s", "\"2.8s\"")]
    public async Task An_error_has_the_words_that_Google_has_for_it(string fault, string words)
    {
        _vertex.Faults.Add("*", fault);
        using var content = new StringContent(JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));
        using var response = await Vertex.Http.PostAsync(_vertex.Url(Vertex.GeminiModel, "generateContent"), content);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static (bool IsThought, byte[] Bytes)[] Pictures(JsonElement answer) =>
    [
        .. from part in answer.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts").EnumerateArray()
           where part.TryGetProperty("inlineData", out _)
           select (part.TryGetProperty("thought", out _), part.GetProperty("inlineData").GetProperty("data").GetBytesFromBase64()),
    ];
}
