using Iga.LocalHost.Durable.Engine;

namespace Iga.LocalHost.Durable.Store;

/// <summary>How the kinds of events are written in the table.</summary>
internal static class HistoryEventKinds
{
    public static string ToText(this HistoryEventKind kind) => kind switch
    {
        HistoryEventKind.Completed => "completed",
        HistoryEventKind.Failed => "failed",
        HistoryEventKind.Fired => "fired",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static HistoryEventKind Parse(string text) => text switch
    {
        "completed" => HistoryEventKind.Completed,
        "failed" => HistoryEventKind.Failed,
        "fired" => HistoryEventKind.Fired,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
