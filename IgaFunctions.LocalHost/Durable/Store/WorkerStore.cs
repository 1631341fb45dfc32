using Npgsql;

namespace Iga.LocalHost.Durable.Store;

/// <summary>The living processes, one row each.</summary>
internal sealed class WorkerStore(NpgsqlDataSource shared)
{
    /// <summary>A connection that nothing else waits for. It is opened when it is needed.</summary>
    /// <param name="own">Connects apart from the shared pool; null keeps one of the pool's connections.</param>
    public WorkerConnection Connect(string? own) =>
        own is null ? new WorkerConnection(shared, isOwn: false) : new WorkerConnection(NpgsqlDataSource.Create(own), isOwn: true);
}
