using System.Text.Json.Serialization;

namespace Iga.TaskList;

/// <summary>The body of GET /v1/tasks.</summary>
/// <param name="Next">The path of the next page; null where this is the last one.</param>
public sealed record TaskListResponse(
    [property: JsonPropertyName("tasks")] IReadOnlyList<TaskSummary> Tasks,
    [property: JsonPropertyName("next")] string? Next);
