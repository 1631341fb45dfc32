using System.Diagnostics;
using Iga.Tasks;
using Iga.Tracing;

namespace Iga.Telemetry;

/// <summary>Which task a span belongs to.</summary>
internal static class TaskSpans
{
    public static void Describe(this Activity? span, ImageTask task)
    {
        if (span is not { IsAllDataRequested: true })
        {
            return;
        }

        span.SetTag(Spans.TaskId, task.TaskId.ToString());
        span.SetTag(Spans.WorkflowId, task.WorkflowId);
        span.SetTag(Spans.Model, task.Request.ModelId);
        span.SetTag(Spans.Caller, task.Caller);
    }
}
