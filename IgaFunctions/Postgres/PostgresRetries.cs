using System.Runtime.ExceptionServices;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Iga.Postgres;

/// <summary>
/// Repeats a statement that met a passing fault, such as a pooled connection that a restart of PostgreSQL broke, or that a failover
/// left at a server which takes no writes any more. Every statement of this folder may be repeated: it is fenced by the task id and
/// leaves the same row behind.
/// </summary>
internal static class PostgresRetries
{
    private static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(exception => exception.IsPassing()),
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(50),
            UseJitter = true,
        })
        .Build();

    /// <param name="database">What the statement runs on.</param>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource database, Func<CancellationToken, Task<T>> statement, CancellationToken cancellationToken)
    {
        // Nearly all need one try: the pipeline took a tenth of a poll's CPU.
        ExceptionDispatchInfo? first;
        try
        {
            return await statement(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            database.ForgetReadOnlySessions(exception);
            first = ExceptionDispatchInfo.Capture(exception);
        }

        return await Pipeline.ExecuteAsync(TryAgainAsync, cancellationToken);

        async ValueTask<T> TryAgainAsync(CancellationToken token)
        {
            Interlocked.Exchange(ref first, null)?.Throw(); // the pipeline's first try is the one that was made
            try
            {
                return await statement(token);
            }
            catch (NpgsqlException exception)
            {
                database.ForgetReadOnlySessions(exception);
                throw;
            }
        }
    }
}
