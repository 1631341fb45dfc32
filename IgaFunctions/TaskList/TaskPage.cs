namespace Iga.TaskList;

/// <summary>A part of a list.</summary>
/// <param name="Next">
/// Where the next page begins, exclusively; null where this is the last one. A page that has a next one may hold fewer tasks than were asked
/// for, and even none, where much was looked through and little of it was asked for.
/// </param>
public sealed record TaskPage(IReadOnlyList<TaskSummary> Tasks, Guid? Next);
