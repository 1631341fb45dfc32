using Iga.GoogleCloud;
using Iga.Models;

namespace Iga.Tests.Models;

public sealed class ReadingSlotsTests
{
    [Fact]
    public async Task Of_forty_answers_sixteen_are_in_memory_and_the_others_follow_as_those_are_disposed()
    {
        var pool = new CountingPool();
        using var headers = new HeadersCounter();
        using var http = new HttpClient(headers);
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, "{}"));
        using var transport = new RestVertexTransport(
            http, new(server.Address, "p", "global", null, null, new CallTimeouts()),
            TimeProvider.System, pool);
        var release = new TaskCompletionSource();

        var calls = Enumerable.Range(0, 40).Select(async _ =>
        {
            using var reply = await transport.PostAsync("gemini-3", "generateContent", "{}"u8.ToArray(), CancellationToken.None);
            await release.Task;
        }).ToArray();
        // All answers have come, so whoever can have a buffer has one.
        await Poll.UntilAsync(() => headers.Arrived == 40 && pool.Out >= 16);
        var most = pool.Out;
        release.SetResult();
        await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((16, 0), (most, pool.Out));
    }

    [Fact]
    public async Task A_slot_that_is_given_back_twice_is_free_once()
    {
        using var slots = new ReadingSlots(1);
        var first = await slots.TakeAsync(CancellationToken.None);
        first.Dispose();
        first.Dispose();

        using var second = await slots.TakeAsync(CancellationToken.None);

        Assert.False(slots.TakeAsync(CancellationToken.None).IsCompleted);
    }
}
