using System.Diagnostics.Metrics;
using Iga.Faults;
using Iga.Images;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Iga.Telemetry;

/// <summary>
/// The service's measurements: each as an OpenTelemetry instrument and as a log line with <c>metric_name</c> and
/// <c>value</c>, under the names that the rest of the system charts, and with the tags that its charts group by. Durations are
/// in milliseconds.
/// </summary>
public sealed partial class IgaMetrics : IDependencyObserver
{
    public const string MeterName = "Iga";

    private readonly ILogger<IgaMetrics> _logger;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestLatency;
    private readonly Histogram<double> _modelLatency;
    private readonly Counter<long> _modelErrors;
    private readonly Counter<long> _modelCallsCut;
    private readonly Histogram<double> _uploadLatency;
    private readonly Counter<long> _uploadFailures;
    private readonly Histogram<double> _taskProcessing;
    private readonly Counter<long> _replayed;
    private readonly Counter<long> _rejected;
    private readonly Counter<double> _imageCost;
    private readonly Counter<long> _imageTokens;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _succeeded;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _conflicted;
    private readonly Counter<long> _webhooks;
    private readonly Counter<long> _connectionsRefused;
    private readonly Counter<long> _connectionsEnded;
    private readonly Counter<long> _keysRefused;
    private readonly Histogram<double> _stages;
    private readonly Counter<long> _promptTokens;
    private readonly ModelTags _models;

    /// <param name="models">Which ids are values of the tag; null takes whatever ids there are.</param>
    public IgaMetrics(IMeterFactory meters, ILogger<IgaMetrics> logger, ModelTags? models = null)
    {
        (_logger, _models) = (logger, models ?? new ModelTags(_ => true));
        var meter = meters.Create(MeterName);
        _requests = Counter("iga_generate_image_request_count", "POSTs that were answered");
        _requestLatency = Histogram("iga_generate_image_latency_ms", "From the arrival of a POST to its answer");
        _modelLatency = Histogram("iga_vertexai_call_latency_ms", "Attempts to call a model");
        _modelErrors = Counter("iga_vertexai_error_count", "Attempts to call a model that failed");
        _modelCallsCut = Counter("iga_vertexai_call_cut_count", "Calls of models that were cut off under way");
        _uploadLatency = Histogram("iga_gcs_upload_latency_ms", "Attempts to upload");
        _uploadFailures = Counter("iga_gcs_upload_failure_count", "Attempts to upload that failed");
        _taskProcessing = Histogram("iga_task_processing_ms", "From the start of a task to its end");
        _stages = meter.CreateHistogram("iga_task_stage_seconds", "s", "How long the stages of tasks took", tags: null, Buckets.OfSeconds);
        _replayed = Counter("iga_request_replayed_count", "POSTs that were answered with the task that their key has already");
        _rejected = Counter("iga_request_rejected_count", "POSTs that were refused");
        _imageCost = meter.CreateCounter<double>("iga_image_cost_usd", "{USD}", "List price of the pictures that models made");
        _imageTokens = meter.CreateCounter<long>("iga_image_output_token_count", "{token}", "Output tokens of the pictures that models made");
        _promptTokens = meter.CreateCounter<long>("iga_image_prompt_token_count", "{token}", "Prompt tokens of the pictures that models made");
        _retried = Counter("iga_task_retried_count", "Tries again of tasks");
        _succeeded = Counter("iga_task_succeeded_count", "Tasks that stored their picture");
        _failed = Counter("iga_task_failed_count", "Tasks that failed");
        _conflicted = Counter("iga_task_conflicted_count", "Tasks that found their key in the hands of another holder");
        _webhooks = Counter("iga_webhook_attempt_count", "Attempts to send webhooks");
        _connectionsRefused = Counter("iga_connection_refused_count", "Connections that were closed since too many were open");
        _connectionsEnded = Counter("iga_connection_ended_count", "Connections without a request that were ended to make room");
        _keysRefused = Counter("iga_wrong_key_count", "Requests that were refused because their API key was missing or wrong");

        Counter<long> Counter(string name, string description) => meter.CreateCounter<long>(name, unit: null, description);

        Histogram<double> Histogram(string name, string description) =>
            meter.CreateHistogram(name, "ms", description, tags: null, Buckets.OfMilliseconds);
    }

    /// <summary>A POST was answered.</summary>
    /// <param name="errorCode">Null when it was accepted.</param>
    /// <param name="modelId">Null where the request was refused before it was known.</param>
    /// <param name="caller">The name of the API key; null where it has none.</param>
    public void RequestHandled(TimeSpan elapsed, string? errorCode, string? modelId, string? caller)
    {
        Count(_requests, Status(errorCode), Model(modelId), Caller(caller));
        Record(_requestLatency, elapsed, Status(errorCode), Model(modelId));
    }

    public void Replayed(string? caller) => Count(_replayed, Caller(caller));

    public void Rejected(string errorCode, string? caller, long count = 1) =>
        Add(_rejected, count, ErrorType(errorCode), Caller(caller));

    /// <summary>Requests were refused because their API key was missing or wrong.</summary>
    public void KeyRefused(long count) => Add(_keysRefused, count);

    /// <summary>A task waits to try again after a transient fault.</summary>
    public void TaskRetried(string kind) => Count(_retried, ErrorType(kind));

    public void TaskSucceeded(TimeSpan elapsed, string modelId, string? caller)
    {
        Count(_succeeded, Model(modelId), Caller(caller));
        Record(_taskProcessing, elapsed, Status(null), Model(modelId));
    }

    public void TaskFailed(string kind, TimeSpan elapsed, string modelId, string? caller)
    {
        Count(_failed, ErrorType(kind), Model(modelId), Caller(caller));
        Record(_taskProcessing, elapsed, Status(kind), Model(modelId));
    }

    /// <summary>A model made a picture, which is paid for whatever becomes of the task. What the catalog or the answer does not tell counts nothing.</summary>
    public void ImageMade(ImageOrigin origin, string? caller)
    {
        if (origin.Usd is { } usd)
        {
            Add(_imageCost, (double)usd, Model(origin.ModelId), Caller(caller));
        }

        if (origin.OutputTokens is { } tokens)
        {
            Add(_imageTokens, tokens, Model(origin.ModelId), Caller(caller));
        }

        if (origin.PromptTokens is { } asked)
        {
            _promptTokens.Add(asked, Known([Model(origin.ModelId), Caller(caller)]));
        }
    }

    public void TaskConflicted() => Count(_conflicted);

    /// <summary>A webhook was sent.</summary>
    /// <param name="outcome"><c>delivered</c>, <c>failed</c> where it is sent again, or <c>given_up</c>.</param>
    public void WebhookAttempted(string outcome) => Count(_webhooks, new Tag("outcome", outcome));

    /// <summary>A stage of a task ended well. Not in the log, which has lines enough for each task.</summary>
    /// <param name="stage">One of <see cref="Stage"/>.</param>
    public void StageEnded(string stage, TimeSpan elapsed, string modelId)
    {
        if (_stages.Enabled)
        {
            _stages.Record(elapsed.TotalSeconds, new Tag("stage", stage), Model(modelId));
        }
    }

    /// <summary>As many connections were open as may be: further ones were refused, and idle ones ended to make room.</summary>
    public void ConnectionsRefused(long refused, long ended)
    {
        Add(_connectionsRefused, refused);
        Add(_connectionsEnded, ended);
    }

    /// <inheritdoc/>
    public void CallEnded(string dependency, TimeSpan elapsed, string? failureKind, string? modelId = null)
    {
        (var latency, var failures) = dependency == Dependency.Model.Name
            ? (_modelLatency, _modelErrors)
            : (_uploadLatency, _uploadFailures);
        Record(latency, elapsed, Status(failureKind), Model(modelId));
        if (failureKind is not null)
        {
            Count(failures, ErrorType(failureKind), Model(modelId));
        }
    }

    /// <inheritdoc/>
    public void CallCut(string dependency, TimeSpan elapsed, string? modelId = null)
    {
        // An upload that was cut off is made again, and costs nothing.
        if (dependency == Dependency.Model.Name)
        {
            _logger.LogWarning(
                "The call of {model} was cut off after {seconds} s; its picture may have been paid for",
                modelId, Math.Round(elapsed.TotalSeconds, 1));
            Count(_modelCallsCut, Model(modelId));
        }
    }
}
