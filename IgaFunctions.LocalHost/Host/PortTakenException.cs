using System.Net;

namespace Iga.LocalHost.Host;

/// <summary>Another program listens where the service is to.</summary>
/// <param name="free">A port that is free; 0 where none was found nearby.</param>
internal sealed class PortTakenException(IPAddress address, int port, int free) : Exception(
    $"Port {port} of {address} is taken by another program, perhaps by another IGA: stop it, or start this one with IGA_PORT={free}"
    + $"{(free == 0 ? ", which takes any free port" : " or another free port (0 takes any)")}.");
