using Iga.Bench.Fakes;
using Iga.Bench.Load;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Measuring;

/// <summary>What the bench's model leaves of a system that was killed.</summary>
public sealed class FakeModelTests
{
    [Fact]
    public async Task A_call_that_waits_is_broken_off_when_the_next_system_is_measured()
    {
        await using var model = new FakeModel { Latency = TimeSpan.FromHours(1) };
        using var line = new HttpLine(model.Address);
        var call = line.SendAsync("POST /x:predict HTTP/1.1\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), default).AsTask();
        await Eventually.Async(() => model.Calls == 1);
        await Task.Delay(100);
        Assert.False(call.IsCompleted);

        model.Latency = TimeSpan.Zero;

        await Assert.ThrowsAsync<IOException>(() => call.WaitAsync(Eventually.Deadline));
    }
}
