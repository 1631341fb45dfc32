namespace Iga.Waiting;

/// <summary>How many requests may wait for a change of a task at once, in this process.</summary>
/// <param name="AskedWaits">IGA_MAX_WAITS: requests that wait for the end of one task; null has it follow from the connections.</param>
/// <param name="AskedStreams">IGA_MAX_STREAMS: streams of events; null likewise.</param>
/// <param name="Connections">So many may callers have open at once: each wait and each stream takes one of them.</param>
public sealed record WaitOptions(int? AskedWaits = null, int? AskedStreams = null, int Connections = WaitOptions.UsualConnections)
{
    /// <summary>Where nothing bounds the connections, as on Azure Functions.</summary>
    public const int UsualConnections = 8_000;

    private const int MostWaits = 4_000;

    private const int MostStreams = 100;

    /// <summary>The rest of the connections is for requests that do not wait.</summary>
    public int MaxWaits => AskedWaits ?? Math.Min(Connections / 2, MostWaits);

    public int MaxStreams => AskedStreams ?? Math.Min(Connections / 8, MostStreams);
}
