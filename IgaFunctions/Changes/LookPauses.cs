namespace Iga.Changes;

/// <summary>How long to wait between two looks at the table for what other processes have changed.</summary>
internal static class LookPauses
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(500);

    /// <summary>Up to half longer or shorter than usual, so that processes don't ask in step.</summary>
    /// <param name="failures">Looks that have failed, one after the other; each doubles the pause.</param>
    /// <param name="longest">However many have failed.</param>
    public static TimeSpan After(int failures, TimeSpan longest)
    {
        var pause = Usual * Math.Pow(2, Math.Min(failures, 10)) * (0.5 + Random.Shared.NextDouble());
        return pause < longest ? pause : longest;
    }
}
