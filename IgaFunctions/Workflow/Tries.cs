using Iga.Faults;

namespace Iga.Workflow;

/// <summary>Counts how often a step of a task was tried, apart for what only the task itself waits for.</summary>
/// <param name="seed">Spreads the waits of different tasks.</param>
internal sealed class Tries(int seed)
{
    private int _ofDependency;
    private int _ofStaging;

    /// <summary>For how long the step was put off because the staging had no room, in all.</summary>
    public TimeSpan StagingOutage { get; set; }

    /// <param name="fault">What one more try ended in.</param>
    /// <param name="elapsed">Since the first try, less the time for which the table of keys or the staging was away.</param>
    /// <inheritdoc cref="RetryRules.NextWait" path="/returns"/>
    public TimeSpan? NextWait(Fault fault, TimeSpan elapsed)
    {
        if (fault.WaitsForStaging)
        {
            return RetryRules.NextWait(fault, ++_ofStaging, StagingOutage, seed);
        }

        // Tries that the service's own limits held back don't count.
        _ofStaging = 0;
        _ofDependency += fault.IsLocalWait ? 0 : 1;
        return RetryRules.NextWait(fault, Math.Max(_ofDependency, 1), elapsed, seed);
    }
}
