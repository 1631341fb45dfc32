namespace Iga.LocalHost.Durable.Worker;

/// <summary>Calls back once, never before a time, however far away it is.</summary>
internal sealed class DurableTimer : IDisposable
{
    // The platform's timers reach 49 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly TimeProvider time;
    private readonly DateTime due;
    private readonly Action fire;
    private readonly ITimer timer;

    public DurableTimer(TimeProvider time, DateTime due, Action fire)
    {
        this.time = time;
        this.due = due;
        this.fire = fire;

        // Armed after the field is set: it may fire at once.
        timer = time.CreateTimer(static self => ((DurableTimer)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    public void Dispose() => timer.Dispose();

    private void Tick()
    {
        if (time.GetUtcNow().UtcDateTime >= due)
        {
            fire();
        }
        else
        {
            Arm();
        }
    }

    private void Arm()
    {
        var left = due - time.GetUtcNow().UtcDateTime;
        var wait = left <= TimeSpan.Zero ? TimeSpan.Zero
            : left < Longest ? left + TimeSpan.FromMilliseconds(1)
            : Longest;
        timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
