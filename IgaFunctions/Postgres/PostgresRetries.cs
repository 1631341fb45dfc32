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
    public static Task<T> RunAsync<T>(
        NpgsqlDataSource database, Func<CancellationToken, Task<T>> statement, CancellationToken cancellationToken) =>
        Pipeline.ExecuteAsync(
            async token =>
            {
                try
                {
                    return await statement(token);
                }
                catch (PostgresException exception)
                {
                    database.ForgetReadOnlySessions(exception);
                    throw;
                }
            },
            cancellationToken).AsTask();
}
