using System.Diagnostics.Metrics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Iga.Telemetry;

/// <content>How a measurement is recorded: with the tags that are known, and as a log line.</content>
public sealed partial class IgaMetrics
{
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
