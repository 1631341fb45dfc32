namespace Iga.Bench.Load;

/// <summary>What a load got.</summary>
/// <param name="Errors">Answers that were not as expected, and connections that broke.</param>
/// <param name="FirstError">In words.</param>
internal sealed record LoadResult(Latencies Latencies, TimeSpan Elapsed, int Errors, string? FirstError)
{
    /// <summary>Good answers a second.</summary>
    public double Rate => Latencies.Count / Elapsed.TotalSeconds;

    /// <exception cref="MeasureFailedException">There were errors.</exception>
    public LoadResult ThrowOnErrors(string doing) => Errors == 0
        ? this
        : throw new MeasureFailedException($"{doing}: {Errors} of {Errors + Latencies.Count} failed, the first with {FirstError}");
}
