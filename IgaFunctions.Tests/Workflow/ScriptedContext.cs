using System.Text.Json;
using Iga.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Workflow;

/// <summary>An orchestration context whose activities answer what the test says, and whose timers fire at once.</summary>
internal sealed class ScriptedContext(ImageTask task, Func<string, object?, object?> activity) : TaskOrchestrationContext
{
    private DateTime _now = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>What the orchestrator did: activities, waits and custom statuses, in order.</summary>
    public List<string> Log { get; } = [];

    public TimeSpan Waited { get; private set; }

    public override TaskName Name => "test";

    public override string InstanceId => task.InstanceId;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    public override T? GetInput<T>()
        where T : default => RoundTrip<T>(task);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Log.Add(name.Name);
        var answer = activity(name.Name, input);
        if (answer is Slow slow)
        {
            _now += slow.Took;
            answer = slow.Answer;
        }

        return answer is Exception exception
            ? Task.FromException<TResult>(exception)
            : Task.FromResult(RoundTrip<TResult>(answer)!);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        Log.Add($"wait {(fireAt - _now).TotalSeconds}");
        Waited += fireAt - _now;
        _now = fireAt;
        return Task.CompletedTask;
    }

    public override void SetCustomStatus(object? customStatus) => Log.Add($"status {customStatus ?? "-"}");

    public override Guid NewGuid() => Guid.Empty;

    public override ParentOrchestrationInstance? Parent => null;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw new NotSupportedException();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        throw new NotSupportedException();

    /// <summary>An answer for which the activity took some time.</summary>
    internal sealed record Slow(TimeSpan Took, object Answer);

    private static T? RoundTrip<T>(object? value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value));
}
