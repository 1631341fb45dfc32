namespace Iga.Limits;

/// <summary>The day that spend is counted for.</summary>
internal static class UtcDay
{
    /// <returns>How long it is until the next day begins.</returns>
    public static TimeSpan Left(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return now.Date.AddDays(1) - now;
    }
}
