namespace Iga.Bench.Load;

/// <summary>How long things took, in milliseconds.</summary>
internal sealed class Latencies(IEnumerable<double> milliseconds)
{
    private readonly double[] _sorted = [.. milliseconds.Order()];

    public int Count => _sorted.Length;

    public double Median => At(0.5);

    public double P99 => At(0.99);

    /// <param name="share">0 to 1.</param>
    public double At(double share) =>
        _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, (int)Math.Ceiling(share * _sorted.Length) - 1)];
}
