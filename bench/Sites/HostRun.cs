namespace Iga.Bench.Sites;

/// <summary>One run of a host, from its start to its end.</summary>
/// <param name="Host">The number of the host.</param>
/// <param name="Number">Which of the host's runs, from 1.</param>
internal sealed record HostRun(int Host, int Number)
{
    /// <summary>How the run's work was cut off; null while it wasn't.</summary>
    public CutOff? CutOff { get; set; }

    public override string ToString() => $"{Host}.{Number}";
}
