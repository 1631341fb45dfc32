using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Models;

/// <summary>
/// A clock that stands still until it is advanced, except that waits of up to two seconds (those of short retries) end at
/// once and are written down.
/// </summary>
internal sealed class TestTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _shortWaits = new();

    public IReadOnlyList<TimeSpan> ShortWaits => [.. _shortWaits];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > TimeSpan.FromSeconds(2))
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        _shortWaits.Enqueue(dueTime);
        return TimeProvider.System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
