using System.Diagnostics.CodeAnalysis;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Functions;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Runs one leased instance: takes what happens to it one thing at a time, lets the orchestrator's code react, commits the
/// event together with what came of it, and only then does what the code asked for. So nothing that follows from an event
/// reaches the world before the event is recorded, and the end of an instance costs no commit of its own.
/// </summary>
/// <param name="left">Told once the instance has ended or the lease is found lost.</param>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds a handle: what uses them may outlive any owner.")]
internal sealed class InstanceRunner
{
    private readonly InstanceRow row;
    private readonly IReadOnlyList<HistoryEvent> history;
    private readonly Guid owner;
    private readonly RunnerServices services;
    private readonly Action<InstanceRunner> left;
    private readonly SerialQueue queue = new();
    private readonly CancellationTokenSource abandoned = new();
    private readonly StartedTasks started;
    private OrchestrationExecution execution = null!;
    private int seq;
    private DateTime clock;
    private string? customStatus;
    private bool over;

    /// <param name="history">What was recorded of the instance so far.</param>
    /// <param name="owner">The lease token that every write is conditional on.</param>
    /// <param name="left">Told once the instance has ended or the lease is found lost.</param>
    public InstanceRunner(
        InstanceRow row, IReadOnlyList<HistoryEvent> history, Guid owner, RunnerServices services, Action<InstanceRunner> left)
    {
        (this.row, this.history, this.owner, this.services, this.left) = (row, history, owner, services, left);
        (seq, clock, customStatus) = (row.Seq, row.StartedAt, row.CustomStatus);
        started = new StartedTasks(
            row, owner, services, (id, kind, payload, notBefore) => Post(() => TaskEndedAsync(id, kind, payload, notBefore)),
            abandoned.Token);
    }

    public InstanceRow Row => row;

    public bool IsIdle => queue.IsIdle;

    public void Begin() => Post(BeginAsync);

    /// <summary>From now on writes nothing, and cancels its activities. Safe to call from anywhere, more than once.</summary>
    public void Abandon()
    {
        // The flag is up when this returns; what the activities do about it runs elsewhere.
        _ = abandoned.CancelAsync();
        Post(static () => Task.CompletedTask);
    }

    private void Post(Func<Task> step) => queue.Post(() => TakeAsync(step));

    private async Task TakeAsync(Func<Task> step)
    {
        try
        {
            if (!over && !abandoned.IsCancellationRequested)
            {
                await step();
            }
        }
        catch (Exception exception)
        {
            // Unless it was abandoned anyway: the lease stays, and the next look at what is leased frees the instance for
            // another try.
            if (!abandoned.IsCancellationRequested)
            {
                services.Logger.LogError(exception, "Running instance {InstanceId} went wrong", row.InstanceId);
                Abandon();
            }
        }

        if (!over && abandoned.IsCancellationRequested)
        {
            Leave();
        }
    }

    private async Task BeginAsync()
    {
        if (history.Count != row.Seq)
        {
            throw new InvalidOperationException($"Instance {row.InstanceId} has {row.Seq} events, {history.Count} were found.");
        }

        execution = await ReplayAsync(history, replaying: history.Count > 0);
        clock = history.Count > 0 ? history[^1].At : clock;
        await SettleAsync(null);
    }

    private async Task TaskEndedAsync(int taskId, HistoryEventKind kind, string? payload, DateTime notBefore)
    {
        if (!execution.Pending.TryGetValue(taskId, out var task))
        {
            return; // A timer that was cancelled after it had fired.
        }

        started.Forget(taskId);
        clock = Times.Latest(clock, notBefore, services.Time.GetUtcNow().UtcDateTime.WholeMicroseconds());
        HistoryEvent happened = new(++seq, taskId, kind, task.Name, payload, clock);
        await InSlotAsync(() => execution.Apply(happened, replaying: false));
        await SettleAsync(happened);
    }

    private Task ViolatedAsync()
    {
        execution.Check();
        return execution.Outcome is null ? Task.CompletedTask : SettleAsync(null);
    }

    /// <summary>Commits what happened and what came of it, then does what the code now waits for.</summary>
    private async Task SettleAsync(HistoryEvent? happened)
    {
        if (happened is not null || execution.Outcome is not null || execution.CustomStatus != customStatus)
        {
            customStatus = execution.CustomStatus;
            if (!await WriteAsync(happened, execution.Outcome))
            {
                Abandon();
                return;
            }

            if (execution.Outcome is not null)
            {
                Leave();
                return;
            }
        }

        if (services.Options.ReplayAfterEveryStep && !await RebuildAsync())
        {
            return;
        }

        started.Follow(execution.Pending);
    }

    private Task<bool> WriteAsync(HistoryEvent? happened, OrchestrationOutcome? outcome)
    {
        // Not cancelled half-way: whether it was written would be unknown for nothing.
        Step step = new(row, owner, seq, happened, customStatus, outcome);
        return services.Outage.OutlastAsync(() => services.Store.WriteAsync(step, CancellationToken.None), abandoned.Token);
    }

    private async Task<bool> RebuildAsync()
    {
        var recorded = await services.Outage.OutlastAsync(
            () => services.Store.ReadHistoryAsync([row], abandoned.Token), abandoned.Token);
        var before = execution.Describe();
        execution = await ReplayAsync([.. recorded[row.ExecutionId]], replaying: true);
        var after = execution.Describe();
        if (execution.Outcome is null && before == after)
        {
            return true;
        }

        var failure = execution.Outcome?.Failure ?? TaskFailureDetails.FromException(new NonDeterministicOrchestrationException(
            $"Orchestrator '{row.Name}': after event {seq} it waits for {before}, but its replay for {after}."));
        await WriteAsync(null, new OrchestrationOutcome(null, failure));
        Leave();
        return false;
    }

    private async Task<OrchestrationExecution> ReplayAsync(IReadOnlyList<HistoryEvent> events, bool replaying)
    {
        var function = services.Catalog.Find(FunctionTrigger.Orchestration, row.Name)
            ?? throw new InvalidOperationException($"There is no orchestrator named '{row.Name}'.");
        OrchestrationExecution run = new(row, function, services.Provider, services.Loggers, () => Post(ViolatedAsync));
        await InSlotAsync(() =>
        {
            run.Start(replaying);
            foreach (var happened in events)
            {
                run.Apply(happened, replaying: true);
            }
        });
        return run;
    }

    private async Task InSlotAsync(Action code)
    {
        await services.OrchestratorSlots.WaitAsync(abandoned.Token);
        try
        {
            code();
        }
        finally
        {
            services.OrchestratorSlots.Release();
        }
    }

    private void Leave()
    {
        over = true;
        started.ForgetAll();
        left(this);
        services.Signals.Signal(row.InstanceId);
    }
}
