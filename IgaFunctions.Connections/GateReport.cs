namespace Iga.Connections;

/// <summary>What a <see cref="ConnectionGate"/> had to do since its last report, since as many connections were open as may be.</summary>
/// <param name="Limit">So many may be open.</param>
/// <param name="Refused">Closed as soon as they were accepted.</param>
/// <param name="Ended">Open ones without a request that made room for new ones.</param>
public sealed record GateReport(int Limit, long Refused, long Ended);
