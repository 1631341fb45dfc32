namespace Iga.Models;

/// <summary>Calls a minute, evenly spread. For use under a lock.</summary>
internal sealed class Pace
{
    // Timers are too coarse for shorter periods; faster limits may have several calls at a time.
    private const int MaxPeriodsPerMinute = 600;

    private static readonly TimeSpan MostLate = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time;
    private readonly long _origin;

    /// <summary>So much earlier than evenly spread a call may be made.</summary>
    private readonly TimeSpan _allowance;

    /// <summary>The end of the time that the calls so far use up.</summary>
    private TimeSpan _usedUntil;

    public Pace(int perMinute, TimeProvider time)
    {
        (_time, _origin) = (time, time.GetTimestamp());
        Period = TimeSpan.FromMinutes(1) / perMinute;
        var atOnce = (perMinute + MaxPeriodsPerMinute - 1) / MaxPeriodsPerMinute;

        // A call that was made a little late, because timers are, must not delay all that follow.
        var late = Period / 4 < MostLate ? Period / 4 : MostLate;
        _allowance = (Period * (atOnce - 1)) + late;
    }

    /// <summary>How long one call uses up the quota.</summary>
    public TimeSpan Period { get; }

    /// <summary>How long until a call may be made; zero is now.</summary>
    public TimeSpan Wait
    {
        get
        {
            var wait = _usedUntil - _allowance - _time.GetElapsedTime(_origin);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>One call is made.</summary>
    public void Take()
    {
        var now = _time.GetElapsedTime(_origin);
        _usedUntil = (_usedUntil > now ? _usedUntil : now) + Period;
    }
}
