namespace Iga.LocalHost.Durable.Engine;

/// <summary>Times as they are recorded.</summary>
internal static class Times
{
    public static DateTime Latest(params ReadOnlySpan<DateTime> times)
    {
        var latest = times[0];
        foreach (var time in times)
        {
            latest = time > latest ? time : latest;
        }

        return latest;
    }

    /// <summary>What PostgreSQL keeps of a time, so that a replay reads what the run knew.</summary>
    public static DateTime WholeMicroseconds(this DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
