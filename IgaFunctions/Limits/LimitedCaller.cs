namespace Iga.Limits;

/// <summary>An API key that has limits, and how far they are used. For use under a lock.</summary>
internal sealed class LimitedCaller(string name, CallerLimits limits, TimeProvider time)
{
    private readonly RequestWindow? _requests = limits.RequestsPerMinute is { } requests ? new(requests, time) : null;

    public Tally Tally { get; } = new();

    /// <param name="usd">What the picture costs.</param>
    /// <returns>Null where a new task is within the limits.</returns>
    public Refusal? Check(decimal usd) =>
        limits.Pending is { } pending && Tally.Tasks >= pending ? Refusal.TooManyOf(name, pending)
        : limits.SpendPerDay is { } spend && Tally.Usd + usd > spend ? Refusal.TooExpensive(name, spend, UtcDay.Left(time))
        : _requests?.Wait() is { } wait && wait > TimeSpan.Zero ? Refusal.TooFast(name, limits.RequestsPerMinute!.Value, wait)
        : null;

    public void Enter(decimal usd)
    {
        Tally.Enter(usd);
        _requests?.Add();
    }

    public void Leave(decimal usd, bool isTask)
    {
        Tally.Leave(usd, isTask);
        if (!isTask)
        {
            _requests?.TakeBack();
        }
    }
}
