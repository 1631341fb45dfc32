namespace Iga.Emulators.Hosting;

/// <summary>Unwinds a request whose connection a fault has ended; nothing can be answered any more.</summary>
internal sealed class ConnectionEndedException : Exception;
