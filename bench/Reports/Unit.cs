namespace Iga.Bench.Reports;

/// <summary>What a number counts.</summary>
internal enum Unit
{
    PerSecond,
    Milliseconds,
    Microseconds,
    Seconds,
    Megabytes,
    Percent,
    Count,
}
