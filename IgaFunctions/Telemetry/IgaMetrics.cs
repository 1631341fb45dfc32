using System.Diagnostics.Metrics;
using Iga.Faults;
using Iga.Images;

namespace Iga.Telemetry;

/// <summary>
/// The service's measurements: each as an OpenTelemetry instrument and as a log line with <c>metric_name</c> and
/// <c>value</c>, under the names that the rest of the system charts. Durations are in milliseconds.
/// </summary>
public sealed class IgaMetrics : IDependencyObserver
{
    public const string MeterName = "Iga";

    private readonly ILogger<IgaMetrics> _logger;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestLatency;
    private readonly Histogram<double> _modelLatency;
    private readonly Counter<long> _modelErrors;
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

    public IgaMetrics(IMeterFactory meters, ILogger<IgaMetrics> logger)
    {
        _logger = logger;
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("iga_generate_image_request_count");
        _requestLatency = meter.CreateHistogram<double>("iga_generate_image_latency_ms", "ms");
        _modelLatency = meter.CreateHistogram<double>("iga_vertexai_call_latency_ms", "ms");
        _modelErrors = meter.CreateCounter<long>("iga_vertexai_error_count");
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
    }

    /// <summary>A POST was answered.</summary>
    /// <param name="outcome"><c>accepted</c> or the error code.</param>
    public void RequestHandled(TimeSpan elapsed, string outcome)
    {
        Count(_requests, "outcome", outcome);
        Record(_requestLatency, elapsed, "outcome", outcome);
    }

    public void Replayed() => Count(_replayed);

    public void Rejected(string errorCode) => Count(_rejected, "error_code", errorCode);

    /// <summary>A task waits to try again after a transient fault.</summary>
    public void TaskRetried(string kind) => Count(_retried, "kind", kind);

    public void TaskSucceeded(TimeSpan elapsed)
    {
        Count(_succeeded);
        Record(_taskProcessing, elapsed, "outcome", "succeeded");
    }

    public void TaskFailed(string kind, TimeSpan elapsed)
    {
        Count(_failed, "kind", kind);
        Record(_taskProcessing, elapsed, "outcome", kind);
    }

    /// <summary>A model made a picture, which is paid for whatever becomes of the task. What the catalog or the answer does not tell counts nothing.</summary>
    public void ImageMade(ImageOrigin origin)
    {
        if (origin.Usd is { } usd)
        {
            Count(_imageCost, (double)usd, "model", origin.ModelId);
        }

        if (origin.OutputTokens is { } tokens)
        {
            Count(_imageTokens, tokens, "model", origin.ModelId);
        }
    }

    public void TaskConflicted() => Count(_conflicted);

    /// <inheritdoc/>
    public void CallEnded(string dependency, TimeSpan elapsed, string? failureKind)
    {
        (var latency, var failures) = dependency == Dependency.Model.Name
            ? (_modelLatency, _modelErrors)
            : (_uploadLatency, _uploadFailures);
        Record(latency, elapsed, "outcome", failureKind ?? "succeeded");
        if (failureKind is not null)
        {
            Count(failures, "kind", failureKind);
        }
    }

    private void Count(Counter<long> counter)
    {
        counter.Add(1);
        _logger.LogInformation("{metric_name} {value}", counter.Name, 1);
    }

    private void Count(Counter<long> counter, string tag, string value) => Count(counter, 1, tag, value);

    private void Count<T>(Counter<T> counter, T amount, string tag, string value)
        where T : struct
    {
        counter.Add(amount, new KeyValuePair<string, object?>(tag, value));
        _logger.LogInformation("{metric_name} {value} ({tag})", counter.Name, amount, value);
    }

    private void Record(Histogram<double> histogram, TimeSpan elapsed, string tag, string value)
    {
        var milliseconds = Math.Round(elapsed.TotalMilliseconds, 3);
        histogram.Record(milliseconds, new KeyValuePair<string, object?>(tag, value));
        _logger.LogInformation("{metric_name} {value} ({tag})", histogram.Name, milliseconds, value);
    }
}
