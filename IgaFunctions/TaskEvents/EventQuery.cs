using Iga.Http;
using Iga.TaskList;

namespace Iga.TaskEvents;

/// <summary>What a caller of GET /v1/tasks/events asks for.</summary>
/// <param name="After">The last event that it was told; null where it is not interested in what was before.</param>
internal sealed record EventQuery(TaskFilter Filter, EventId? After)
{
    private const string AfterHeader = "Last-Event-ID";
    private const string AfterName = "last_event_id";

    /// <exception cref="RejectedException">Something in the query, or the header, is wrong.</exception>
    public static EventQuery Read(HttpRequest request)
    {
        var reader = new QueryReader(request.Query, "status", "workflow_id", "idempotency_key", "caller", AfterName);
        var filter = TaskFilter.Read(reader);

        // A browser that connects again sends the header, and the address as it was at first.
        return request.Headers[AfterHeader] is [{ Length: > 0 } header] ? new(filter, IdOf(header, AfterHeader))
            : reader.Text(AfterName) is { } text ? new(filter, IdOf(text, AfterName))
            : new(filter, null);
    }

    private static EventId IdOf(string text, string name) =>
        EventId.TryRead(text) ?? throw QueryReader.Wrong(name, "must be the id of an event as the stream gave it");
}
