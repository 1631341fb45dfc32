using System.Globalization;

namespace Iga.TaskEvents;

/// <summary>The id of an event: whoever brings it back is told what came after it.</summary>
/// <param name="At">By the database's clock. All that had ended a moment before was told by then.</param>
internal readonly record struct EventId(DateTimeOffset At, Guid TaskId)
{
    private const char Separator = '-';

    /// <returns>Null where the text is not an id that was given out.</returns>
    public static EventId? TryRead(string text) =>
        text.Split(Separator) is [var time, var task]
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
        && microseconds <= (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        && Guid.TryParseExact(task, "N", out var taskId)
        && new EventId(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), taskId) is var id
        && id.ToString() == text // the parsers take more than what was written
            ? id : null;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}{Separator}{TaskId:N}");
}
