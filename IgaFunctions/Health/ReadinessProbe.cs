namespace Iga.Health;

/// <summary>
/// Asks whether the service can accept a task and do it: at most once a second, however many want to know, who then share the answer.
/// Logs a change of the answer, not the answers.
/// </summary>
public sealed class ReadinessProbe(StoreCheck store, StagingCheck staging, TimeProvider time, ILogger<ReadinessProbe> logger)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly BoundedCheck[] _checks =
    [
        new(store.AskAsync, StoreCheck.Silent, time),
        new(staging.AskAsync, StagingCheck.Silent, time),
    ];

    private readonly Lock _gate = new();
    private Task<Readiness>? _latest;
    private long _askedAt;
    private string? _toldMessage;

    /// <summary>Answers within <see cref="BoundedCheck.Limit"/>.</summary>
    public Task<Readiness> AskAsync()
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_askedAt) >= Interval))
            {
                _askedAt = time.GetTimestamp();
                _latest = ProbeAsync();
            }

            return _latest;
        }
    }

    private async Task<Readiness> ProbeAsync()
    {
        var answers = await Task.WhenAll(_checks.Select(check => check.AskAsync()));
        var readiness = answers.FirstOrDefault(answer => !answer.IsReady) ?? Readiness.Ready;
        if (readiness.Message != _toldMessage)
        {
            _toldMessage = readiness.Message;
            if (readiness.IsReady)
            {
                logger.LogInformation("The service is ready again");
            }
            else
            {
                logger.LogWarning("The service is not ready: {error} {cause}", readiness.Message, readiness.Cause);
            }
        }

        return readiness;
    }
}
