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
public sealed class IgaMetrics : IDependencyObserver
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
    private readonly ModelTags _models = new();

    public IgaMetrics(IMeterFactory meters, ILogger<IgaMetrics> logger)
    {
        _logger = logger;
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("iga_generate_image_request_count");
        _requestLatency = meter.CreateHistogram<double>("iga_generate_image_latency_ms", "ms");
        _modelLatency = meter.CreateHistogram<double>("iga_vertexai_call_latency_ms", "ms");
        _modelErrors = meter.CreateCounter<long>("iga_vertexai_error_count");
        _modelCallsCut = meter.CreateCounter<long>("iga_vertexai_call_cut_count");
        _uploadLatency = meter.CreateHistogram<double>("iga_gcs_upload_latency_ms", "ms");
        _uploadFailures = meter.CreateCounter<long>("iga_gcs_upload_failure_count");
        _taskProcessing = meter.CreateHistogram<double>("iga_task_processing_ms", "ms");
        _replayed = meter.CreateCounter<long>("iga_request_replayed_count");
        _rejected = meter.CreateCounter<long>("iga_request_rejected_count");
        _imageCost = meter.CreateCounter<double>("iga_image_cost_usd", "{USD}");
        _imageTokens = meter.CreateCounter<long>("iga_image_output_token_count", "{token}");
        _retried = meter.CreateCounter<long>("iga_task_retried_count");
        _succeeded = meter.CreateCounter<long>("iga_task_succeeded_count");
        _failed = meter.CreateCounter<long>("iga_task_failed_count");
        _conflicted = meter.CreateCounter<long>("iga_task_conflicted_count");
        _webhooks = meter.CreateCounter<long>("iga_webhook_attempt_count");
        _connectionsRefused = meter.CreateCounter<long>("iga_connection_refused_count");
        _connectionsEnded = meter.CreateCounter<long>("iga_connection_ended_count");
        _keysRefused = meter.CreateCounter<long>("iga_wrong_key_count");
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
    }

    public void TaskConflicted() => Count(_conflicted);

    /// <summary>A webhook was sent.</summary>
    /// <param name="outcome"><c>delivered</c>, <c>failed</c> where it is sent again, or <c>given_up</c>.</param>
    public void WebhookAttempted(string outcome) => Count(_webhooks, new Tag("outcome", outcome));

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

    private static Tag Status(string? error) => new("status", error ?? "success");

    private static Tag ErrorType(string kind) => new("error_type", kind);

    private Tag Model(string? modelId) => new("model", modelId is null ? null : _models.Of(modelId));

    private static Tag Caller(string? name) => new("caller", name);

    private void Count(Counter<long> counter, params ReadOnlySpan<Tag> tags) => Add(counter, 1, tags);

    private void Add<T>(Counter<T> counter, T amount, params ReadOnlySpan<Tag> tags)
        where T : struct
    {
        var known = Known(tags);
        counter.Add(amount, known);
        Log(new Measurement(counter.Name, amount, known));
    }

    private void Record(Histogram<double> histogram, TimeSpan elapsed, params ReadOnlySpan<Tag> tags)
    {
        var milliseconds = Math.Round(elapsed.TotalMilliseconds, 3);
        var known = Known(tags);
        histogram.Record(milliseconds, known);
        Log(new Measurement(histogram.Name, milliseconds, known));
    }

    private void Log(Measurement measurement) =>
        _logger.Log(LogLevel.Information, default, measurement, null, static (measurement, _) => measurement.ToString());

    private static Tag[] Known(ReadOnlySpan<Tag> tags)
    {
        var count = 0;
        foreach (var tag in tags)
        {
            count += tag.Value is null ? 0 : 1;
        }

        var known = new Tag[count];
        foreach (var tag in tags)
        {
            if (tag.Value is not null)
            {
                known[^count--] = tag;
            }
        }

        return known;
    }
}
