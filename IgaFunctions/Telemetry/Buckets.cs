using System.Diagnostics.Metrics;

namespace Iga.Telemetry;

/// <summary>The bounds of the histograms' buckets: from a statement of the database to the longest call of a model, and of a task.</summary>
internal static class Buckets
{
    private static readonly double[] Milliseconds =
    [
        5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000, 45_000, 60_000, 90_000, 120_000,
        180_000, 300_000, 600_000,
    ];

    public static InstrumentAdvice<double> OfMilliseconds { get; } = new() { HistogramBucketBoundaries = Milliseconds };

    public static InstrumentAdvice<double> OfSeconds { get; } = new()
    {
        HistogramBucketBoundaries = [.. Milliseconds.Select(bound => bound / 1_000)],
    };
}
