using System.Data.Common;
using System.Net.Sockets;

namespace Iga.LocalHost.Durable.Store;

/// <summary>Tells failures of the database from those of the code that called it.</summary>
internal static class DatabaseFaults
{
    public static bool IsDatabaseFault(this Exception exception) =>
        exception is DbException or TimeoutException or SocketException or IOException;
}
