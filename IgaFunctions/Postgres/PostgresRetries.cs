using Npgsql;
using Polly;
using Polly.Retry;

namespace Iga.Postgres;

/// <summary>
/// Repeats a statement that met a passing fault, such as a pooled connection that a restart of PostgreSQL broke. Every
/// statement of this folder may be repeated: it is fenced by the task id and leaves the same row behind.
/// </summary>
internal static class PostgresRetries
{
    private static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<NpgsqlException>(exception => exception.IsTransient),
            MaxRetryAttempts = 2,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(50),
            UseJitter = true,
        })
        .Build();

    public static Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> statement, CancellationToken cancellationToken) =>
        Pipeline.ExecuteAsync(token => new ValueTask<T>(statement(token)), cancellationToken).AsTask();
}
