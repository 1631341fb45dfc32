using Iga.LocalHost.Host;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Pressure;

/// <summary>When the local host gives freed memory back.</summary>
public sealed class FreedMemoryTests
{
    private readonly FakeTimeProvider _time = new();
    private long _compiled = 100;
    private int _given;

    [Fact]
    public async Task Memory_is_given_back_after_methods_were_compiled_and_only_then()
    {
        using var memory = new FreedMemory(_time, () => _compiled, () => _given++);
        await memory.StartAsync(CancellationToken.None);
        Assert.Equal(0, _given);

        _time.Advance(FreedMemory.Interval);
        Assert.Equal(1, _given);

        _time.Advance(FreedMemory.Interval * 3);
        Assert.Equal(1, _given);

        _compiled++;
        _time.Advance(FreedMemory.Interval);
        Assert.Equal(2, _given);

        await memory.StopAsync(CancellationToken.None);
        _compiled++;
        _time.Advance(FreedMemory.Interval);
        Assert.Equal(2, _given);
    }
}
