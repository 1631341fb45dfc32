using Iga.LocalHost.Durable.Store;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Logs an outage of the database once when it begins and once when it is over, and paces what is tried again. After a failover
/// that broke no session it sees to it that new ones are opened.
/// </summary>
internal sealed class DatabaseOutage(WorkerStore workers, ILogger<DatabaseOutage> logger)
{
    private int _down;

    public void Report(Exception exception)
    {
        workers.ForgetReadOnlySessions(exception);
        if (Interlocked.Exchange(ref _down, 1) == 0)
        {
            logger.LogWarning(exception, "The durable runtime's database does not answer; trying on until it does");
        }
    }

    public void Over()
    {
        if (Volatile.Read(ref _down) == 1 && Interlocked.Exchange(ref _down, 0) == 1)
        {
            logger.LogInformation("The durable runtime's database answers again");
        }
    }

    /// <summary>Asks the database until it answers, however long it is away.</summary>
    /// <exception cref="OperationCanceledException">Whoever asks has given up, or has lost the right to ask.</exception>
    public async Task<T> OutlastAsync<T>(Func<Task<T>> ask, CancellationToken abandoned)
    {
        for (var attempt = 0; ; attempt++)
        {
            abandoned.ThrowIfCancellationRequested();
            try
            {
                var answer = await ask();
                Over();
                return answer;
            }
            catch (Exception exception) when (exception.IsDatabaseFault())
            {
                Report(exception);
                await Task.Delay(Backoff(attempt), abandoned);
            }
        }
    }

    /// <summary>From 50 ms, doubling up to 1 s, with jitter so that thousands of waiting writes don't come back at once.</summary>
    public static TimeSpan Backoff(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(1000, 50 << Math.Min(attempt, 5)) * (0.5 + Random.Shared.NextDouble() / 2));
}
