using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Iga.Telemetry.Prometheus;

/// <summary>Writes metrics in the form that Prometheus reads.</summary>
internal sealed class PrometheusWriter(PrometheusFormat format)
{
    private readonly StringBuilder _text = new(16 * 1024);

    public void Write(Metric metric)
    {
        var name = PrometheusName.Of(metric.Name, metric.Unit);
        switch (metric.MetricType)
        {
            case MetricType.LongSum or MetricType.DoubleSum:
                WriteHead(name, "counter", metric.Description);
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Sample(PrometheusName.Counter(name.Name), Labels(point.Tags), Sum(metric, point) * name.Scale);
                }

                break;
            case MetricType.LongGauge or MetricType.DoubleGauge or MetricType.LongSumNonMonotonic or MetricType.DoubleSumNonMonotonic:
                WriteHead(name, "gauge", metric.Description);
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Sample(name.Name, Labels(point.Tags), Gauge(metric, point) * name.Scale);
                }

                break;
            case MetricType.Histogram:
                WriteHead(name, "histogram", metric.Description);
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Histogram(name, point);
                }

                break;
        }
    }

    /// <returns>The whole page.</returns>
    public override string ToString() => format.IsOpenMetrics ? _text + "# EOF\n" : _text.ToString();

    private void WriteHead(PrometheusName name, string type, string description)
    {
        var family = type == "counter" && !format.IsOpenMetrics ? PrometheusName.Counter(name.Name) : name.Name;
        if (!string.IsNullOrEmpty(description))
        {
            _text.Append("# HELP ").Append(family).Append(' ').Append(Escaped(description, format.IsOpenMetrics)).Append('\n');
        }

        _text.Append("# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
        if (format.IsOpenMetrics && name.Unit is { } unit)
        {
            _text.Append("# UNIT ").Append(family).Append(' ').Append(unit).Append('\n');
        }
    }

    private void Histogram(PrometheusName name, in MetricPoint point)
    {
        var labels = Labels(point.Tags);
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            var bound = $"le=\"{Bound(bucket.ExplicitBound * name.Scale)}\"";
            Sample(name.Name + "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", count);
        }

        Sample(name.Name + "_sum", labels, point.GetHistogramSum() * name.Scale);
        Sample(name.Name + "_count", labels, count);
    }

    private void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>Tags whose names come to the same label share it, as the specification has it.</summary>
    private static string Labels(OpenTelemetry.ReadOnlyTagCollection tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            var name = PrometheusName.Sanitized(tag.Key);
            var value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            labels[name] = labels.TryGetValue(name, out var other) ? $"{other};{value}" : value;
        }

        return string.Join(',', labels.Select(label => $"{label.Key}=\"{Escaped(label.Value, quotes: true)}\""));
    }

    private static double Sum(Metric metric, in MetricPoint point) =>
        metric.MetricType == MetricType.LongSum ? point.GetSumLong() : point.GetSumDouble();

    private static double Gauge(Metric metric, in MetricPoint point) => metric.MetricType switch
    {
        MetricType.LongGauge => point.GetGaugeLastValueLong(),
        MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
        MetricType.LongSumNonMonotonic => point.GetSumLong(),
        _ => point.GetSumDouble(),
    };

    private static string Escaped(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }

    /// <summary>Always with a point, as OpenMetrics wants it: a bound is a label, and so a part of the series' name.</summary>
    private static string Bound(double value)
    {
        // 0.1 and not 0.1000…1, which 100 × 0.001 may be.
        var text = Number(Math.Round(value, 9));
        return text.Contains('.', StringComparison.Ordinal) || text.Contains('I', StringComparison.Ordinal) ? text : text + ".0";
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
