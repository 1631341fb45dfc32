using System.Diagnostics.Metrics;
using Iga.Telemetry.Prometheus;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Iga.Tests.Telemetry;

/// <summary>What instruments look like to Prometheus.</summary>
public sealed class PrometheusWriterTests : IDisposable
{
    private readonly Meter _meter = new($"test {Guid.NewGuid()}");

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void A_counter_ends_in_total_and_has_its_tags_as_labels()
    {
        var counter = _meter.CreateCounter<long>("requests_count", null, "Two\nlines");
        Assert.Equal(
            """
            # HELP requests_count_total Two\nlines
            # TYPE requests_count_total counter
            requests_count_total{name="a \"quote\" \\ and\na line",status="success"} 3

            """,
            Write(PrometheusFormat.Text, () => counter.Add(3, new("status", "success"), new("name", "a \"quote\" \\ and\na line"))));
    }

    [Fact]
    public void Tags_that_come_to_the_same_label_share_it()
    {
        var counter = _meter.CreateCounter<long>("c");
        Assert.Contains(
            "c_total{a_b=\"1;2\"} 1\n", Write(PrometheusFormat.Text, () => counter.Add(1, new("a.b", 1), new("a_b", 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Milliseconds_are_told_in_seconds_and_buckets_add_up()
    {
        var histogram = _meter.CreateHistogram(
            "iga_latency_ms", "ms", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [100, 1_000, 30_000] });
        Assert.Equal(
            """
            # TYPE iga_latency_seconds histogram
            # UNIT iga_latency_seconds seconds
            iga_latency_seconds_bucket{le="0.1"} 1
            iga_latency_seconds_bucket{le="1.0"} 1
            iga_latency_seconds_bucket{le="30.0"} 2
            iga_latency_seconds_bucket{le="+Inf"} 3
            iga_latency_seconds_sum 62.5
            iga_latency_seconds_count 3
            # EOF

            """,
            Write(PrometheusFormat.OpenMetrics, () =>
            {
                histogram.Record(100);
                histogram.Record(2_400);
                histogram.Record(60_000);
            }));
    }

    [Fact]
    public void What_may_fall_is_a_gauge_in_base_units()
    {
        _meter.CreateObservableGauge("memory.used", () => 1.5e9, "By");
        var queue = _meter.CreateUpDownCounter<int>("queue.length", "{item}");
        Assert.Equal(
            """
            # TYPE memory_used_bytes gauge
            memory_used_bytes 1500000000
            # TYPE queue_length gauge
            queue_length 2

            """,
            Write(PrometheusFormat.Text, () => queue.Add(2)));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=0.0.1", false)]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.3", false)]
    [InlineData("no media type at all;;;", false)]
    public void The_form_is_the_one_that_is_asked_for(string? accept, bool isOpenMetrics)
    {
        Assert.Equal(isOpenMetrics, PrometheusFormat.Of([accept]).IsOpenMetrics);
    }

    private string Write(PrometheusFormat format, Action measure)
    {
        var reader = new ScrapeReader();
        using var provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(reader).Build();
        measure();
        return reader.Scrape(format);
    }
}
