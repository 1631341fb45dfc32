using System.Net.Sockets;
using Iga.Bench.Load;
using Npgsql;

namespace Iga.Bench.Systems;

/// <summary>One system that is measured, running on a database of its own.</summary>
internal abstract class Service : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private readonly DatabaseServer _server;

    protected Service(DatabaseServer server, string connectionString, Uri address)
    {
        (_server, ConnectionString, Address) = (server, connectionString, address);
        var pool = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 4 };
        Database = NpgsqlDataSource.Create(pool);
    }

    public string ConnectionString { get; }

    public Uri Address { get; }

    /// <summary>Whether the database outlives it.</summary>
    public bool KeepsDatabase { get; set; }

    /// <summary>The bench's own way to the database.</summary>
    public NpgsqlDataSource Database { get; }

    /// <summary>The processes that do the work; what serves them both sides alike, such as PostgreSQL, is not among them.</summary>
    public abstract IReadOnlyList<int> Processes { get; }

    /// <summary>Starts its processes; does not wait until it serves.</summary>
    public abstract void Launch();

    /// <summary>Waits for what does not show by HTTP.</summary>
    public virtual Task UntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>kill -9 of whatever was launched.</summary>
    public abstract Task KillAsync();

    /// <summary>How long the system says that a task took, from its acceptance to its end.</summary>
    public abstract Task<TimeSpan> OwnTimeAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Puts tasks that have ended where the system keeps them, as if they had run.</summary>
    /// <param name="sample">How many ids are returned at most.</param>
    public abstract Task<IReadOnlyList<string>> AddEndedAsync(int count, int sample, CancellationToken cancellationToken);

    /// <summary>Ids of some tasks that have ended.</summary>
    public async Task<IReadOnlyList<string>> EndedAsync(int sample, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(
            $"select task_id::text from idempotency_keys where status = 'completed' order by random() limit {sample}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>What its logs end with.</summary>
    public abstract string Tail();

    /// <summary>Asks until anything but a failure comes back.</summary>
    /// <exception cref="MeasureFailedException">It did not come up in time.</exception>
    public async Task<Answer> UntilAnsweredAsync(ReadOnlyMemory<byte> request, Func<Answer, bool> isGood, CancellationToken cancellationToken)
    {
        using var line = new HttpLine(Address);
        var deadline = DateTime.UtcNow + StartTimeout;
        while (DateTime.UtcNow < deadline)
        {
            try
            {
                var answer = await line.SendAsync(request, cancellationToken);
                if (isGood(answer))
                {
                    return answer;
                }
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                // It is still starting.
            }

            await Task.Delay(5, cancellationToken);
        }

        throw new MeasureFailedException($"{GetType().Name} did not serve within {StartTimeout}: {Tail()}");
    }

    public async Task<T> ReadAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 300;
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        await Database.DisposeAsync();
        if (!KeepsDatabase)
        {
            await _server.DropDatabaseAsync(ConnectionString);
        }

        GC.SuppressFinalize(this);
    }
}
