using System.Text;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Vertex;
using Iga.Imaging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Emulators;

public sealed class VertexFaultTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData(500, "INTERNAL")]
    [InlineData(503, "UNAVAILABLE")]
    [InlineData(429, "RESOURCE_EXHAUSTED")]
    [InlineData(403, "PERMISSION_DENIED")]
    public async Task A_status_is_returned_in_place_of_the_work(int status, string reason)
    {
        _vertex.Faults.Add("vertex.generateContent", $"return-{status}");
        var answer = await _vertex.GenerateAsync();
        Assert.Equal(status, answer.Status);
        Assert.Equal(reason, answer.Body.GetProperty("error").GetProperty("status").GetString());
        Assert.Equal((1, 0), (_vertex.Calls, _vertex.ImagesMade));
        Assert.Equal(200, (await _vertex.GenerateAsync()).Status);
    }

    [Fact]
    public async Task A_status_can_come_with_Retry_After_and_words_of_its_own()
    {
        _vertex.Faults.Add("*", new Fault.ReturnStatus(429) { RetryAfter = 7, Message = "slow down", Reason = "ABORTED" });
        using var content = new StringContent("{}");
        using var response = await Vertex.Http.PostAsync(_vertex.Url(Vertex.GeminiModel, "generateContent"), content);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("slow down", body, StringComparison.Ordinal);
        Assert.Contains("ABORTED", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Faults_are_served_in_the_order_in_which_they_were_scripted_and_so_often()
    {
        _vertex.Faults.Add("vertex.generateContent", "return-503", count: 2);
        _vertex.Faults.Add("vertex.predict", "return-500");
        _vertex.Faults.Add("vertex", "return-429");
        int[] statuses =
        [
            (await _vertex.GenerateAsync()).Status, (await _vertex.GenerateAsync()).Status, (await _vertex.GenerateAsync()).Status,
            (await _vertex.PredictAsync()).Status, (await _vertex.PredictAsync()).Status,
        ];
        Assert.Equal([503, 503, 429, 500, 200], statuses);
        Assert.Equal((4, 0), (_vertex.Faults.Served, _vertex.Faults.Pending));
    }

    [Fact]
    public async Task A_fault_can_be_aimed_at_one_prompt()
    {
        _vertex.Faults.Add("*", "return-503", match: "storm");
        Assert.Equal(200, (await _vertex.GenerateAsync("a calm sea")).Status);
        Assert.Equal(503, (await _vertex.GenerateAsync("a storm at sea")).Status);
    }

    [Fact]
    public async Task After_the_body_means_that_the_picture_was_made_and_paid_for()
    {
        _vertex.Faults.Add("*", "return-503-after-body");
        Assert.Equal(503, (await _vertex.GenerateAsync()).Status);
        Assert.Equal((1, 1, 0), (_vertex.Calls, _vertex.ImagesMade, _vertex.ImagesSent));
    }

    [Theory]
    [InlineData("return-reset-connection", 0)]
    [InlineData("return-reset-connection-after-body", 1)]
    public async Task A_reset_comes_before_any_byte_of_the_answer(string fault, int made)
    {
        _vertex.Faults.Add("*", fault);
        var ending = await PostRawAsync();
        Assert.True(ending.Reset);
        Assert.Equal("", ending.Text);
        Assert.Equal((made, 0), (_vertex.ImagesMade, _vertex.ImagesSent));
    }

    [Fact]
    public async Task A_reset_inside_the_body_comes_after_the_bytes_that_were_scripted()
    {
        _vertex.Faults.Add("*", "reset-inside-body-after-64K");
        var ending = await PostRawAsync();
        Assert.True(ending.Reset);
        Assert.Equal(64 * 1024, ending.Body.Length);
        Assert.Equal((1, 0), (_vertex.ImagesMade, _vertex.ImagesSent));
    }

    [Fact]
    public async Task A_truncated_body_ends_in_order_but_short_of_its_length()
    {
        _vertex.Faults.Add("*", "truncate-body");
        var ending = await PostRawAsync();
        Assert.False(ending.Reset);
        Assert.Equal(ending.ContentLength / 2, ending.Body.Length);
    }

    [Fact]
    public async Task A_stall_holds_the_answer_back_and_then_it_comes()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new() { TimeProvider = time });
        vertex.Faults.Add("*", "stall-for-30s");
        var answer = vertex.GenerateAsync();
        await Eventually.TrueAsync(() => vertex.Faults.Served == 1);
        Assert.Equal(0, vertex.ImagesMade);
        await AdvanceUntilAsync(time, answer);
        Assert.Equal(200, (await answer).Status);
        Assert.Equal(1, vertex.ImagesMade);
    }

    [Fact]
    public async Task A_stall_after_the_body_has_the_picture_made_before_it()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new() { TimeProvider = time });
        vertex.Faults.Add("*", "stall-for-30s-after-body");
        var answer = vertex.GenerateAsync();
        await Eventually.TrueAsync(() => vertex.ImagesMade == 1);
        Assert.False(answer.IsCompleted);
        await AdvanceUntilAsync(time, answer);
    }

    [Fact]
    public async Task A_stall_inside_the_body_lets_the_first_half_through()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new() { TimeProvider = time });
        vertex.Faults.Add("*", "stall-inside-body");
        using var request = new HttpRequestMessage(HttpMethod.Post, vertex.Url(Vertex.GeminiModel, "generateContent"));
        request.Content = new StringContent(JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));
        using var response = await Vertex.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var length = (int)response.Content.Headers.ContentLength!.Value;
        await body.ReadExactlyAsync(new byte[length / 2]);
        var rest = body.ReadExactlyAsync(new byte[length - (length / 2)]).AsTask();
        Assert.False(rest.IsCompleted);
        await AdvanceUntilAsync(time, rest);
        await rest;
    }

    [Fact]
    public async Task Hundreds_of_calls_wait_in_the_latency_at_once()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new()
        {
            TimeProvider = time,
            Latency = TimeSpan.FromSeconds(30),
            PictureFactory = (_, _) => ValueTask.FromResult(new Iga.Emulators.Pictures.Picture(new byte[10], "image/png")),
        });
        var calls = Enumerable.Range(0, 300).Select(_ => vertex.GenerateAsync()).ToList();
        await Eventually.TrueAsync(() => vertex.Calls == 300);
        Assert.Equal(0, vertex.ImagesMade);
        var all = Task.WhenAll(calls);
        await AdvanceUntilAsync(time, all);
        Assert.All(await all, a => Assert.Equal(200, a.Status));
    }

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
        Assert.Contains(
            "Support codes", told.GetProperty("predictions")[0].GetProperty("raiFilteredReason").GetString(), StringComparison.Ordinal);
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

    private Task<RawHttp.Ending> PostRawAsync() => RawHttp.PostAsync(
        _vertex.Url(Vertex.GeminiModel, "generateContent"), JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));

    // The timer is set a moment after the request was counted: the clock is pushed until it fires.
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Task task) => Eventually.TrueAsync(() =>
    {
        time.Advance(TimeSpan.FromSeconds(30));
        return task.IsCompleted;
    });
}
