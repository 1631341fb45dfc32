using System.Diagnostics;

namespace Iga.Tracing;

/// <summary>
/// The service's spans: a task is followed from its POST through each step, in whatever process, to the calls outside. Without a listener
/// none is made. Names of attributes are the service's own where the conventions have none; prompts and keys are never among them.
/// </summary>
public static class Spans
{
    public const string SourceName = "Iga";

    public const string TaskId = "iga.task_id";
    public const string WorkflowId = "iga.workflow_id";
    public const string Model = "iga.model";
    public const string Caller = "iga.caller";
    public const string Outcome = "iga.outcome";
    public const string ErrorType = "error.type";
    public const string HttpStatus = "http.response.status_code";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Begins the trace of a request. Whatever trace the caller says that it belongs to, it has one of its own, sampled as the service is
    /// set up to; the caller's is linked.
    /// </summary>
    /// <param name="traceParent">The header of that name.</param>
    public static Activity? BeginRequest(string name, string? traceParent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The host's own activity may be a stranger's child already.
        Activity.Current = null;
        return ActivityContext.TryParse(traceParent, null, isRemote: true, out var stranger)
            ? Source.StartActivity(name, ActivityKind.Server, default(ActivityContext), links: [new ActivityLink(stranger)])
            : Source.StartActivity(name, ActivityKind.Server, default(ActivityContext));
    }

    /// <summary>Begins a step of a task.</summary>
    /// <param name="parent">The span of the task's POST, as <see cref="Activity.Id"/> tells it; null begins a trace.</param>
    public static Activity? BeginStep(string name, string? parent)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        Activity.Current = null;
        ActivityContext.TryParse(parent, null, isRemote: true, out var context);
        return Source.StartActivity(name, ActivityKind.Consumer, context);
    }

    /// <returns>The id of the trace that a span belongs to, which is told as <see cref="Activity.Id"/> tells it.</returns>
    public static string? IdOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var context) ? context.TraceId.ToHexString() : null;

    /// <summary>Begins a part of what goes on.</summary>
    public static Activity? Begin(string name) => Source.StartActivity(name);

    /// <summary>Begins what is done for several at once: below the first of them, and linked to the others.</summary>
    public static Activity? BeginShared(string name, IReadOnlyList<ActivityContext> of) =>
        Source.StartActivity(name, ActivityKind.Internal, of[0], links: of.Skip(1).Select(other => new ActivityLink(other)));

    /// <summary>Notes how a span ended.</summary>
    /// <param name="error">The kind of fault; null where there was none.</param>
    public static void End(this Activity? span, string? outcome, string? error = null)
    {
        if (span is null)
        {
            return;
        }

        if (outcome is not null)
        {
            span.SetTag(Outcome, outcome);
        }

        if (error is not null)
        {
            span.SetTag(ErrorType, error);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}
