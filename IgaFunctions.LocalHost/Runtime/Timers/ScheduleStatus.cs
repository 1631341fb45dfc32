namespace Iga.LocalHost.Runtime;

/// <summary>Where a timer stands in its schedule, all in UTC.</summary>
public sealed class ScheduleStatus
{
    /// <summary>The occurrence that runs now.</summary>
    public DateTime Last { get; set; }

    /// <summary>The occurrence after it.</summary>
    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
