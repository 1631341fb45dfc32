namespace Iga.Telemetry;

/// <summary>
/// A measurement that is looked up when somebody wants to know, such as how many tasks are under way. Register one, and it is an
/// instrument of the meter <c>Iga</c>.
/// </summary>
/// <param name="Name">As in docs/metrics.md.</param>
/// <param name="Unit">Null for a number of things.</param>
/// <param name="Read">Quick, since it is asked at every export. Null where it is not known at the moment.</param>
/// <param name="OnlyRises">It counts what has happened since the process began.</param>
public sealed record Figure(string Name, string? Unit, string Description, Func<double?> Read, bool OnlyRises = false);
