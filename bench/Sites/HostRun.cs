using System.Collections.Concurrent;

namespace Iga.Bench.Sites;

/// <summary>One run of a host, from its start to its end.</summary>
/// <param name="Host">The number of the host.</param>
/// <param name="Number">Which of the host's runs, from 1.</param>
internal sealed record HostRun(int Host, int Number)
{
    private const string TakenForDead = "was taken for dead";

    /// <summary>Longer than a lease and the longest stall of the network.</summary>
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<DateTimeOffset> _lostLeases = [];

    /// <summary>How the run ended; null while it goes on.</summary>
    public CutOff? CutOff { get; set; }

    /// <summary>Looks for what the host says of its lease.</summary>
    public void NoteLogLine(string line)
    {
        if (line.Contains(TakenForDead, StringComparison.Ordinal))
        {
            _lostLeases.Enqueue(DateTimeOffset.UtcNow);
        }
    }

    /// <summary>
    /// Whether the host was as good as dead soon after: it was out of touch with the database for longer than its lease, by
    /// the network or by a machine that gave it no time, and had to drop what it had in flight.
    /// </summary>
    public bool LostItsLeaseAfter(PaidPicture picture) =>
        _lostLeases.Any(at => picture.BegunAt <= at && picture.MadeAt >= at - LongestAbsence);

    public override string ToString() => $"{Host}.{Number}";
}
