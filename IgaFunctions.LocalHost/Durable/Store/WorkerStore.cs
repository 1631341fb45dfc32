using Iga.Postgres;
using Npgsql;

namespace Iga.LocalHost.Durable.Store;

/// <summary>The living processes, one row each.</summary>
internal sealed class WorkerStore(NpgsqlDataSource shared)
{
    /// <summary>A connection that nothing else waits for. It is opened when it is needed.</summary>
    /// <param name="own">Connects apart from the shared pool; null keeps one of the pool's connections.</param>
    public WorkerConnection Connect(string? own) =>
        own is null
            ? new WorkerConnection(shared, isOwn: false)

            // Not pooled: one that is closed after a fault must not be what the next call opens.
            : new WorkerConnection(
                NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(own) { Pooling = false }.ConnectionString), isOwn: true);

    /// <summary>Lets go of the shared pool's sessions if the fault says that their server takes no writes.</summary>
    public void ForgetReadOnlySessions(Exception exception) => shared.ForgetReadOnlySessions(exception);
}
