using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>Something to measure on each system.</summary>
internal interface IMeasure
{
    /// <summary>As <c>--only</c> names it.</summary>
    string Name { get; }

    /// <summary>Whether the measure says anything about this system.</summary>
    bool Concerns(IStack stack) => true;

    /// <summary>Takes it once on one system.</summary>
    /// <param name="round">From 1.</param>
    Task TakeAsync(Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken);
}
