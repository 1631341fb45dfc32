using Iga.Postgres;
using Npgsql;

namespace Iga.Keys;

/// <summary>
/// How many tasks of all processes have not ended, and how old the oldest is: asked of the table of keys every ten seconds, beside
/// everything else.
/// </summary>
public sealed class TasksInFlight(
    NpgsqlDataSource dataSource, IdempotencyOptions options, TimeProvider time, ILogger<TasksInFlight> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private Reading? _latest;

    /// <summary>Null while PostgreSQL does not tell.</summary>
    public int? Count => Volatile.Read(ref _latest)?.Count;

    /// <summary>How long ago the oldest was accepted; zero where there is none, null while PostgreSQL does not tell.</summary>
    public TimeSpan? OldestAge => Volatile.Read(ref _latest) switch
    {
        null => null,
        { Oldest: { } age, At: var at } => age + time.GetElapsedTime(at),
        _ => TimeSpan.Zero,
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            Volatile.Write(ref _latest, await TryReadAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Reading?> TryReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            return await ReadAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // Others complain of the same fault, who need the table more.
            logger.LogDebug(exception, "The tasks in flight could not be counted");
            return null;
        }
    }

    private async Task<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            select count(*)::int, now() - min(created_at)
            from idempotency_keys
            where {IdempotencyTable.IsInFlight}
                and task_name = @task_name and status = @processing
            """);
        command.With("task_name", IdempotencyTable.TaskName).With("processing", options.Processing);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<TimeSpan>(1), time.GetTimestamp());
    }

    /// <param name="Oldest">Its age when it was read.</param>
    /// <param name="At">The timestamp of that.</param>
    private sealed record Reading(int Count, TimeSpan? Oldest, long At);
}
