using System.Text.Json;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Emulators;

/// <summary>Answers that keep their caller waiting, on a clock of the test's own.</summary>
public sealed class VertexStallTests
{
    [Fact]
    public async Task A_stall_holds_the_answer_back_and_then_it_comes()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new() { TimeProvider = time });
        vertex.Faults.Add("*", "stall-for-30s");
        var answer = vertex.GenerateAsync();
        await Eventually.Async(() => vertex.Faults.Served == 1);
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
        await Eventually.Async(() => vertex.ImagesMade == 1);
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
    public async Task A_slow_first_byte_comes_after_the_headers_and_a_slow_body_so_many_bytes_a_second()
    {
        var time = new FakeTimeProvider();
        await using var vertex = await VertexEmulator.StartAsync(new() { TimeProvider = time });
        foreach (var (fault, sent) in new[] { ("slow-first-byte", 0), ("slow-body-at-1K", 1024) })
        {
            vertex.Faults.Add("*", fault);
            using var request = new HttpRequestMessage(HttpMethod.Post, vertex.Url(Vertex.GeminiModel, "generateContent"));
            request.Content = new StringContent(JsonSerializer.Serialize(Vertex.Gemini("a lighthouse")));
            using var response = await Vertex.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[sent]);
            var next = body.ReadExactlyAsync(new byte[1]).AsTask();
            Assert.False(next.IsCompleted);
            await AdvanceUntilAsync(time, next);
            var rest = body.CopyToAsync(Stream.Null);
            await AdvanceUntilAsync(time, rest);
            await rest;
        }
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
        await Eventually.Async(() => vertex.Calls == 300);
        Assert.Equal(0, vertex.ImagesMade);
        var all = Task.WhenAll(calls);
        await AdvanceUntilAsync(time, all);
        Assert.All(await all, a => Assert.Equal(200, a.Status));
    }

    // The timer is set a moment after the request was counted: the clock is pushed until it fires.
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Task task) => Eventually.Async(() =>
    {
        time.Advance(TimeSpan.FromSeconds(30));
        return task.IsCompleted;
    });
}
