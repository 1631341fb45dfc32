using Iga.GoogleCloud;
using Iga.Models;

namespace Iga.Tests.Models;

public sealed class ReadingSlotsTests
{
    [Theory]
    [InlineData(40, 2, 0, 16)]
    [InlineData(10, 9 << 20, 2 * PooledBody.LargeSize, 4)] // a buffer of that size may be growing into the next one
    public async Task Of_many_answers_sixteen_are_in_memory_or_four_large_ones_and_the_others_follow(
        int count, int size, int over, int atOnce)
    {
        var pool = new CountingPool();
        using var headers = new HeadersCounter();
        using var http = new HttpClient(headers);
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, new string(' ', size - 2) + "{}"));
        using var transport = new RestVertexTransport(
            http, new(server.Address, "p", "global", null, null, new CallTimeouts()),
            TimeProvider.System, pool);
        var release = new TaskCompletionSource();

        var calls = Enumerable.Range(0, count).Select(async _ =>
        {
            using var reply = await transport.PostAsync("gemini-3", "generateContent", "{}"u8.ToArray(), CancellationToken.None);
            await release.Task;
        }).ToArray();
        // All answers have come, so whoever can have a buffer has one.
        await Poll.UntilAsync(() => headers.Arrived == count && pool.OutOver(over) >= atOnce);
        var most = pool.OutOver(over);
        release.SetResult();
        await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((atOnce, 0), (most, pool.Out));
    }

    [Fact]
    public async Task A_slot_that_is_given_back_twice_is_free_once()
    {
        using var slots = new ReadingSlots(1, 1);
        var first = await slots.TakeAsync(CancellationToken.None);
        first.Dispose();
        first.Dispose();

        using var second = await slots.TakeAsync(CancellationToken.None);

        Assert.False(slots.TakeAsync(CancellationToken.None).IsCompleted);
    }
}
