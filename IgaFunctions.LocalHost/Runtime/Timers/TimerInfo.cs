namespace Iga.LocalHost.Runtime;

/// <summary>What a timer function is told about the occurrence that it runs for.</summary>
public sealed class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True if the occurrence was due noticeably earlier.</summary>
    public bool IsPastDue { get; set; }
}
