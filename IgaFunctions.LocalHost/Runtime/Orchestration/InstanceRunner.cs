using System.Diagnostics.CodeAnalysis;

namespace Iga.LocalHost.Runtime;

/// <summary>
/// Runs one leased instance: takes what happens to it one thing at a time, lets the orchestrator's code react, commits the
/// event together with what came of it, and only then does what the code asked for. So nothing that follows from an event
/// reaches the world before the event is recorded, and the end of an instance costs no commit of its own.
/// </summary>
/// <param name="left">Told once the instance has ended or the lease is found lost.</param>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds a handle: what uses them may outlive any owner.")]
internal sealed class InstanceRunner(
    InstanceRow row, IReadOnlyList<HistoryEvent> history, Guid owner, RunnerServices services, Action<InstanceRunner> left)
    : IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private readonly Queue<Func<Task>> mailbox = [];
    private readonly CancellationTokenSource abandoned = new();
    private readonly Dictionary<int, DurableTimer?> started = [];
    private OrchestrationExecution execution = null!;
    private int seq = row.Seq;
    private DateTime clock = row.StartedAt;
    private string? customStatus = row.CustomStatus;
    private bool working;
    private bool over;

    public InstanceRow Row => row;

    public bool IsIdle
    {
        get
        {
            lock (gate)
            {
                return !working;
            }
        }
    }

    public void Begin() => Post(BeginAsync);

    /// <summary>From now on writes nothing, and cancels its activities. Safe to call from anywhere, more than once.</summary>
    public void Abandon()
    {
        abandoned.Cancel();
        Post(() => Task.CompletedTask);
    }

    /// <summary>Works through the mailbox; at most one thread at a time is in here.</summary>
    public void Execute() => _ = WorkAsync();

    private void Post(Func<Task> message)
    {
        lock (gate)
        {
            mailbox.Enqueue(message);
            if (working)
            {
                return;
            }

            working = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            Func<Task> message;
            lock (gate)
            {
                if (!mailbox.TryDequeue(out message!))
                {
                    working = false;
                    return;
                }
            }

            try
            {
                if (!over && !abandoned.IsCancellationRequested)
                {
                    await message();
                }
            }
            catch (Exception exception)
            {
                // Unless it was abandoned anyway: the lease stays, and the next look at what is leased frees the instance
                // for another try.
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

        started.Remove(taskId, out var timer);
        timer?.Dispose();
        clock = Latest(clock, notBefore, Microseconds(services.Time.GetUtcNow().UtcDateTime));
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

        foreach (var id in started.Keys.Except(execution.Pending.Keys).ToArray())
        {
            started.Remove(id, out var timer);
            timer?.Dispose();
        }

        foreach (var task in execution.Pending.Values.Where(t => !started.ContainsKey(t.Id)).OrderBy(t => t.Id).ToArray())
        {
            started.Add(task.Id, StartTask(task));
        }
    }

    private DurableTimer? StartTask(PendingTask task)
    {
        switch (task)
        {
            case PendingTask.Activity activity:
                services.Activities.Start(
                    row, activity, (kind, payload) => Post(() => TaskEndedAsync(task.Id, kind, payload, default)), abandoned.Token);
                return null;
            case PendingTask.Timer timer:
                return new DurableTimer(
                    services.Time, timer.FireAt,
                    () => Post(() => TaskEndedAsync(task.Id, HistoryEventKind.Fired, null, timer.FireAt)));
            default:
                throw new InvalidOperationException($"Unknown task {task}.");
        }
    }

    private Task<bool> WriteAsync(HistoryEvent? happened, OrchestrationOutcome? outcome)
    {
        // Not cancelled half-way: whether it was written would be unknown for nothing.
        Step step = new(row, owner, seq, happened, customStatus, outcome);
        return PersistentlyAsync(() => services.Store.WriteAsync(step, CancellationToken.None));
    }

    /// <summary>Asks the database, however long it is away, as long as the lease is not known to be lost.</summary>
    private async Task<T> PersistentlyAsync<T>(Func<Task<T>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            abandoned.Token.ThrowIfCancellationRequested();
            try
            {
                var answer = await ask();
                services.Outage.Over();
                return answer;
            }
            catch (Exception exception) when (exception.IsDatabaseFault())
            {
                services.Outage.Report(exception);
                await Task.Delay(DatabaseOutage.Backoff(attempt), abandoned.Token);
            }
        }
    }

    private async Task<bool> RebuildAsync()
    {
        var recorded = await PersistentlyAsync(() => services.Store.ReadHistoryAsync([row], abandoned.Token));
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
        foreach (var timer in started.Values)
        {
            timer?.Dispose();
        }

        started.Clear();
        left(this);
        services.Signals.Signal(row.InstanceId);
    }

    private static DateTime Latest(params ReadOnlySpan<DateTime> times)
    {
        var latest = times[0];
        foreach (var time in times)
        {
            latest = time > latest ? time : latest;
        }

        return latest;
    }

    private static DateTime Microseconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
