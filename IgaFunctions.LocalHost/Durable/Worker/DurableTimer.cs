namespace Iga.LocalHost.Durable.Worker;

/// <summary>Calls back once, never before a time, however far away it is.</summary>
internal sealed class DurableTimer : IDisposable
{
    // The platform's timers reach 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly DateTime _due;
    private readonly Action _fire;
    private readonly ITimer _timer;

    public DurableTimer(TimeProvider time, DateTime due, Action fire)
    {
        _time = time;
        _due = due;
        _fire = fire;

        // Armed after the field is set: it may fire at once.
        _timer = time.CreateTimer(static self => ((DurableTimer)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (_time.GetUtcNow().UtcDateTime >= _due)
        {
            _fire();
        }
        else
        {
            Arm();
        }
    }

    private void Arm()
    {
        var left = _due - _time.GetUtcNow().UtcDateTime;
        var wait = left <= TimeSpan.Zero ? TimeSpan.Zero
            : left < Longest ? left + TimeSpan.FromMilliseconds(1)
            : Longest;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
