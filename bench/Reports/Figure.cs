using Iga.Bench.Load;

namespace Iga.Bench.Reports;

/// <summary>All that was measured of one thing on one system.</summary>
/// <param name="System">The column.</param>
/// <param name="Group">What was done, such as "accept 32".</param>
/// <param name="Name">What was measured of it, such as "p99".</param>
/// <param name="Values">One a round.</param>
/// <param name="IsReckoned">From a part of the work, not from all of it.</param>
internal sealed record Figure(string System, string Group, string Name, Unit Unit, List<double> Values, bool IsReckoned)
{
    public double Median => new Latencies(Values).Median;

    public double Least => Values.Min();

    public double Most => Values.Max();
}
