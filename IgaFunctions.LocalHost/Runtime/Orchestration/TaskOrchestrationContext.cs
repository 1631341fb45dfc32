namespace Iga.LocalHost.Runtime;

/// <summary>
/// What an orchestrator may use. Its code is replayed over the recorded history, so all that it knows of the world comes
/// from here; it awaits nothing but tasks that this type returns (and combinations of them).
/// </summary>
public abstract class TaskOrchestrationContext
{
    public abstract TaskName Name { get; }

    public abstract string InstanceId { get; }

    /// <summary>The orchestration's clock, UTC: the time of the event that it was last told. The same in every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while code runs that has run before.</summary>
    public abstract bool IsReplaying { get; }

    public abstract T? GetInput<T>();

    /// <inheritdoc cref="CallActivityAsync{TResult}"/>
    public virtual Task CallActivityAsync(TaskName name, object? input = null, TaskOptions? options = null) =>
        CallActivityAsync<object?>(name, input, options);

    /// <summary>Runs an activity. It runs at least once, and its result is recorded before anything follows from it.</summary>
    /// <exception cref="TaskFailedException">The activity threw.</exception>
    public abstract Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null);

    public virtual Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken) =>
        CreateTimer(CurrentUtcDateTime.Add(delay), cancellationToken);

    /// <summary>Waits until a time (UTC), across restarts of the process.</summary>
    /// <exception cref="TaskCanceledException">The token was cancelled, by the orchestrator itself.</exception>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>What clients read as the custom status, from the next time that the orchestrator waits or ends.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>A GUID that is the same in every replay.</summary>
    public abstract Guid NewGuid();

    /// <summary>A logger that is silent while code is replayed.</summary>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);
}
