using Iga.Faults;
using Iga.Workflow.Activities;

namespace Iga.Workflow;

/// <summary>
/// When a task stops waiting for a model and another one steps in. Decides by recorded answers and the orchestration's clock alone,
/// so that a replay decides the same.
/// </summary>
/// <param name="requested">The model of the request.</param>
/// <param name="now">The orchestration's clock; it may stand still while the task can do nothing.</param>
internal sealed class ModelFallback(string requested, Func<DateTime> now)
{
    /// <summary>A model is asked a second time, unless that would be later than this; then the next one is.</summary>
    internal static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private const int TriesOfOneModel = 2;

    /// <summary>Models that are not there, or not for this service: never asked again.</summary>
    private readonly List<string> _gone = [];

    /// <summary>Models that may be had again later: asked again when all others were.</summary>
    private readonly List<string> _resting = [];

    private readonly DateTime _startedAt = now();

    private Fault? _lastTransient;
    private string? _model;
    private int _tries;
    private DateTime _since;

    /// <summary>The models that the next call leaves out; null is none.</summary>
    public IReadOnlyList<string>? Unavailable => _gone.Count + _resting.Count == 0 ? null : [.. _gone, .. _resting];

    private bool IsTimeUp => now() - _startedAt >= RetryRules.Budget;

    /// <summary>Takes note of a call that made no picture.</summary>
    /// <param name="began">When it began: a model may have used up the patience for it with a single call.</param>
    /// <returns>Null when the next model is to be called at once; else what the try comes to.</returns>
    public Progress.NotMade? After(Progress.NotMade failed, DateTime began)
    {
        if (failed.ModelId is not { } model || failed.Fault.IsLocalWait)
        {
            return failed;
        }

        if (failed.Fault is { IsTransient: true, Kind: FailureKind.QuotaExhausted or FailureKind.ModelUnavailable })
        {
            return AfterTransient(failed, model, began);
        }

        // A model that only stepped in is left out as well where it refuses this service; the task's own would say the same again.
        var isGone = failed.Fault.Kind == FailureKind.ModelNotFound
            || (failed.Fault.Kind == FailureKind.ModelRejectedRequest && model != requested);
        if (!isGone)
        {
            return failed;
        }

        _gone.Add(model);
        return failed.HasFallback && !IsTimeUp ? null : BackToTheFirst(failed);
    }

    private Progress.NotMade? AfterTransient(Progress.NotMade failed, string model, DateTime began)
    {
        if (model != _model)
        {
            (_model, _tries, _since) = (model, 0, began);
        }

        _lastTransient = failed.Fault;
        _tries++;
        if (!failed.HasFallback || IsTimeUp)
        {
            return BackToTheFirst(failed);
        }

        if (_tries < TriesOfOneModel && now() - _since < LongestWait && !(failed.Fault.RetryAfter > LongestWait))
        {
            return failed;
        }

        _resting.Add(model);
        return null;
    }

    /// <summary>
    /// All were asked. After the wait that the last transient fault asks for, the first one has its turn again, unless each is gone.
    /// </summary>
    private Progress.NotMade BackToTheFirst(Progress.NotMade failed)
    {
        var fault = _resting.Count > 0 ? _lastTransient : null;
        _resting.Clear();
        _model = null;
        return fault is null ? failed : failed with { Fault = fault };
    }
}
