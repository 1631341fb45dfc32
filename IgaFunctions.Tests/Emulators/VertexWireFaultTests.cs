using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Emulators;

public sealed class VertexWireFaultTests : IAsyncLifetime
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
            (await _vertex.GenerateAsync()).Status,
            (await _vertex.GenerateAsync()).Status,
            (await _vertex.GenerateAsync()).Status,
            (await _vertex.PredictAsync()).Status,
            (await _vertex.PredictAsync()).Status,
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

    private Task<RawHttp.Ending> PostRawAsync() => RawHttp.PostAsync(
        _vertex.Url(Vertex.GeminiModel, "generateContent"), JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));
}
