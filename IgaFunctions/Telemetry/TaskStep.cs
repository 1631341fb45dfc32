using System.Diagnostics;
using Iga.Tasks;
using Iga.Tracing;

namespace Iga.Telemetry;

/// <summary>A step of a task while it goes on: its log lines carry the task, and its span belongs to the trace of the task's POST.</summary>
public sealed class TaskStep : IDisposable
{
    private readonly IDisposable? _scope;
    private readonly Activity? _span;
    private bool _hasEnded;

    private TaskStep(IDisposable? scope, Activity? span) => (_scope, _span) = (scope, span);

    /// <param name="name">The name of the activity.</param>
    public static TaskStep Begin(ILogger logger, ImageTask task, string name)
    {
        var span = Spans.BeginStep(name, task.TraceParent);
        span.Describe(task);
        return new(logger.BeginTaskScope(task), span);
    }

    /// <summary>Notes what a step came to, and passes it on.</summary>
    /// <param name="outcome">A word of our own.</param>
    /// <param name="error">The kind of fault; null where there was none.</param>
    public T Ended<T>(T result, string outcome, string? error = null)
    {
        _hasEnded = true;
        _span.End(outcome, error);
        return result;
    }

    public void Dispose()
    {
        if (!_hasEnded)
        {
            // An exception, which the engine tells of.
            _span.End("failed", "exception");
        }

        _span?.Dispose();
        _scope?.Dispose();
    }
}
