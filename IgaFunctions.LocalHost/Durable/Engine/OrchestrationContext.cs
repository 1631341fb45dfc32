using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Iga.LocalHost.Durable.Engine;

/// <summary>The context of one <see cref="OrchestrationExecution"/>.</summary>
internal sealed class OrchestrationContext(InstanceRow row, OrchestrationExecution execution, ILoggerFactory loggers)
    : TaskOrchestrationContext
{
    // The namespace of Durable Functions' own deterministic GUIDs.
    private static readonly Guid GuidNamespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    private readonly Dictionary<int, PendingTask> _pending = [];
    private DateTime _clock = row.StartedAt;
    private int _nextTask;
    private int _nextGuid;
    private object? _customStatus;

    public override TaskName Name => row.Name;

    public override string InstanceId => row.InstanceId;

    public override DateTime CurrentUtcDateTime => _clock;

    public override bool IsReplaying => Replaying;

    public override ParentOrchestrationInstance? Parent => null;

    public bool Replaying { get; set; }

    public IReadOnlyDictionary<int, PendingTask> Pending => _pending;

    /// <summary>What the orchestrator shows at this moment: an object that it has changed since it set it shows the change.</summary>
    public string? SerializeCustomStatus() => DurableJson.Serialize(_customStatus);

    public override T? GetInput<T>()
        where T : default => DurableJson.Deserialize<T>(row.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        execution.EnsureOwnThread();
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("Task options were given in place of the input.", nameof(input));
        }

        Refuse(options?.Retry is not null, nameof(TaskOptions.Retry));
        Refuse(options?.Tags is { Count: > 0 }, nameof(TaskOptions.Tags));
        Refuse(options?.Version is not null, nameof(TaskOptions.Version));
        PendingTask.Activity<TResult> activity = new(_nextTask++, name.Name, DurableJson.Serialize(input));
        _pending.Add(activity.Id, activity);
        return activity.Task;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        execution.EnsureOwnThread();
        PendingTask.Timer timer = new(_nextTask++, fireAt.ToUniversalTime());
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        _pending.Add(timer.Id, timer);
        cancellationToken.Register(() =>
        {
            // Only the orchestrator itself cancels deterministically: as one of its own steps.
            execution.EnsureOwnThread();
            _pending.Remove(timer.Id);
            timer.Cancel(cancellationToken);
        });
        return timer.Task;
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.EnsureOwnThread();
        _customStatus = customStatus;
    }

    public override Guid NewGuid()
    {
        execution.EnsureOwnThread();
        var name = $"{row.InstanceId}_{_clock:O}_{_nextGuid++}";
        return VersionFiveGuid(GuidNamespace, name);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw Unsupported("sub-orchestrations");

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        throw Unsupported("external events");

    public override void SendEvent(string instanceId, string eventName, object payload) => throw Unsupported("external events");

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        throw Unsupported("continuing as new");

    /// <summary>Moves the clock to the event and ends its task.</summary>
    public void End(HistoryEvent ended)
    {
        _clock = ended.At;
        _pending.Remove(ended.TaskId, out var task);
        task!.End(ended);
    }

    protected override ILoggerFactory LoggerFactory => loggers;

    /// <summary>RFC 4122, version 5: the first 16 bytes of a SHA-1, with version and variant set.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The RFC names the hash; nothing here is secret.")]
    private static Guid VersionFiveGuid(Guid space, string name)
    {
        var hash = SHA1.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static NotSupportedException Unsupported(string what) => new($"The local durable runtime does not offer {what}.");

    private static void Refuse(bool isAsked, string option)
    {
        if (isAsked)
        {
            throw new NotSupportedException($"The local durable runtime does not keep {nameof(TaskOptions)}.{option}.");
        }
    }
}
