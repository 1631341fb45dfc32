using System.Collections;
using Iga.Tasks;
using Iga.Tracing;

namespace Iga.Telemetry;

/// <summary>The task that log lines belong to.</summary>
public sealed class TaskScope(ImageTask task) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 5;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new(LogField.TaskId, task.TaskId),
        1 => new(LogField.WorkflowId, task.WorkflowId),
        2 => new(LogField.IdempotencyKey, task.IdempotencyKey),
        3 => new(LogField.Caller, task.Caller),
        4 => new(LogField.TraceId, Spans.IdOf(task.TraceParent)),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
