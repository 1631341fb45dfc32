using System.Security.Cryptography;
using System.Text;

namespace Iga.LocalHost.Runtime;

/// <summary>The context of one <see cref="OrchestrationExecution"/>.</summary>
internal sealed class OrchestrationContext(InstanceRow row, OrchestrationExecution execution, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    private readonly Dictionary<int, PendingTask> pending = [];
    private DateTime clock = row.StartedAt;
    private int nextTask;
    private int nextGuid;

    public override TaskName Name => row.Name;

    public override string InstanceId => row.InstanceId;

    public override DateTime CurrentUtcDateTime => clock;

    public override bool IsReplaying => Replaying;

    public bool Replaying { get; set; }

    public IReadOnlyDictionary<int, PendingTask> Pending => pending;

    public string? CustomStatus { get; private set; }

    public override T? GetInput<T>()
        where T : default => DurableJson.Deserialize<T>(row.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        PendingTask.Activity<TResult> activity = new(nextTask++, name.Name, DurableJson.Serialize(input));
        pending.Add(activity.Id, activity);
        return activity.Task;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.EnsureOwnThread();
        PendingTask.Timer timer = new(nextTask++, Utc(fireAt));
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        pending.Add(timer.Id, timer);
        cancellationToken.Register(() =>
        {
            // Only the orchestrator itself cancels deterministically: as one of its own steps.
            execution.EnsureOwnThread();
            pending.Remove(timer.Id);
            timer.Cancel(cancellationToken);
        });
        return timer.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.EnsureOwnThread();
        CustomStatus = DurableJson.Serialize(customStatus);
    }

    public override Guid NewGuid()
    {
        execution.EnsureOwnThread();
        var name = $"{row.InstanceId}_{clock:O}_{nextGuid++}";
        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
    }

    public override ILogger CreateReplaySafeLogger(string categoryName) =>
        new ReplaySafeLogger(this, loggers.CreateLogger(categoryName));

    /// <summary>Moves the clock to the event and ends its task.</summary>
    public void End(HistoryEvent ended)
    {
        clock = ended.At;
        pending.Remove(ended.TaskId, out var task);
        task!.End(ended);
    }

    private static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
