namespace Iga.GoogleCloud;

/// <summary>How many calls of the model this process may have under way, where the host says so.</summary>
internal sealed record ModelConnections(int Most);
