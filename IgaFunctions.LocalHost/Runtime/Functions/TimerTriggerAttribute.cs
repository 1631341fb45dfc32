namespace Iga.LocalHost.Runtime;

/// <summary>Marks the <see cref="TimerInfo"/> parameter of a function that runs on a schedule.</summary>
/// <param name="schedule">Six-field NCRONTAB in UTC: second, minute, hour, day, month, day of the week.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    public string Schedule { get; } = schedule;
}
