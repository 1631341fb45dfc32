using Iga.Postgres;
using Npgsql;

namespace Iga.LocalHost.Durable.Store;

/// <summary>One connection that stays open from beat to beat.</summary>
internal sealed class WorkerConnection(NpgsqlDataSource source, bool isOwn) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    public Task<bool> RegisterAsync(Guid worker, TimeSpan duration, CancellationToken cancellationToken) => RunAsync("""
        insert into iga_runtime.workers (worker_id, expires_at) values (@worker, now() + @duration)
        on conflict (worker_id) do update set expires_at = excluded.expires_at
        """, worker, duration, cancellationToken);

    /// <returns>False if the worker's row is gone: another process has taken it for dead.</returns>
    public Task<bool> RenewAsync(Guid worker, TimeSpan duration, CancellationToken cancellationToken) => RunAsync(
        "update iga_runtime.workers set expires_at = now() + @duration where worker_id = @worker",
        worker, duration, cancellationToken);

    /// <summary>Closes the connection, which may be broken; the next call opens another.</summary>
    public async ValueTask CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (isOwn)
        {
            await source.DisposeAsync();
        }
    }

    private async Task<bool> RunAsync(string sql, Guid worker, TimeSpan duration, CancellationToken cancellationToken)
    {
        _connection ??= await source.OpenConnectionAsync(cancellationToken);
        await using NpgsqlCommand command = new(sql, _connection);
        command.With("worker", worker).With("duration", duration);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
