using System.Diagnostics.CodeAnalysis;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;

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
    private readonly InstanceRow _row;
    private readonly IReadOnlyList<HistoryEvent> _history;
    private readonly Guid _owner;
    private readonly RunnerServices _services;
    private readonly Action<InstanceRunner> _left;
    private readonly SerialQueue _queue = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly StartedTasks _started;
    private OrchestrationExecution _execution = null!;
    private int _seq;
    private DateTime _clock;
    private string? _customStatus;
    private bool _over;

    /// <param name="history">What was recorded of the instance so far.</param>
    /// <param name="owner">The lease token that every write is conditional on.</param>
    /// <param name="left">Told once the instance has ended or the lease is found lost.</param>
    public InstanceRunner(
        InstanceRow row, IReadOnlyList<HistoryEvent> history, Guid owner, RunnerServices services, Action<InstanceRunner> left)
    {
        (_row, _history, _owner, _services, _left) = (row, history, owner, services, left);
        (_seq, _clock, _customStatus) = (row.Seq, row.StartedAt, row.CustomStatus);
        _started = new StartedTasks(
            row, owner, services, (id, kind, payload, notBefore) => Post(() => TaskEndedAsync(id, kind, payload, notBefore)),
            _abandoned.Token);
    }

    public InstanceRow Row => _row;

    public bool IsIdle => _queue.IsIdle;

    public void Begin() => Post(BeginAsync);

    /// <summary>From now on writes nothing, and cancels its activities. Safe to call from anywhere, more than once.</summary>
    public void Abandon()
    {
        // The token is cancelled when this returns; what activities do about it runs on other threads.
        _ = _abandoned.CancelAsync();
        Post(static () => Task.CompletedTask);
    }

    private void Post(Func<Task> step) => _queue.Post(() => TakeAsync(step));

    private async Task TakeAsync(Func<Task> step)
    {
        try
        {
            if (!_over && !_abandoned.IsCancellationRequested)
            {
                await step();
            }
        }
        catch (Exception exception)
        {
            // The lease stays with this process, which no longer knows the instance: the dispatcher's next look at its leases
            // finds that and frees the instance for another try.
            if (!_abandoned.IsCancellationRequested)
            {
                _services.Logger.LogError(exception, "Running instance {InstanceId} went wrong", _row.InstanceId);
                Abandon();
            }
        }

        if (!_over && _abandoned.IsCancellationRequested)
        {
            Leave();
        }
    }

    private async Task BeginAsync()
    {
        if (_history.Count != _row.Seq)
        {
            throw new InvalidOperationException($"Instance {_row.InstanceId} has {_row.Seq} events, {_history.Count} were found.");
        }

        _execution = await ReplayAsync(_history, replaying: _history.Count > 0);
        _clock = _history.Count > 0 ? _history[^1].At : _clock;
        await SettleAsync(null);
    }

    private async Task TaskEndedAsync(int taskId, HistoryEventKind kind, string? payload, DateTime notBefore)
    {
        if (!_execution.Pending.TryGetValue(taskId, out var task))
        {
            return; // A timer that was cancelled after it had fired.
        }

        _started.Forget(taskId);
        _clock = Times.Latest(_clock, notBefore, _services.Time.GetUtcNow().UtcDateTime.WholeMicroseconds());
        HistoryEvent happened = new(++_seq, taskId, kind, task.Name, payload, _clock);
        await InSlotAsync(() => _execution.Apply(happened, replaying: false));
        await SettleAsync(happened);
    }

    private Task ViolatedAsync()
    {
        _execution.Check();
        return _execution.Outcome is null ? Task.CompletedTask : SettleAsync(null);
    }

    /// <summary>Commits what happened and what came of it, then does what the code now waits for.</summary>
    private async Task SettleAsync(HistoryEvent? happened)
    {
        if (happened is not null || _execution.Outcome is not null || _execution.CustomStatus != _customStatus)
        {
            _customStatus = _execution.CustomStatus;
            if (!await WriteAsync(happened, _execution.Outcome))
            {
                Abandon();
                return;
            }

            if (_execution.Outcome is not null)
            {
                Leave();
                return;
            }
        }

        if (_services.Options.ReplayAfterEveryStep && !await RebuildAsync())
        {
            return;
        }

        _started.Follow(_execution.Pending);
    }

    private Task<bool> WriteAsync(HistoryEvent? happened, OrchestrationOutcome? outcome)
    {
        // The statement is never cancelled: then it would be unknown whether it was carried out.
        Step step = new(_row, _owner, _seq, happened, _customStatus, outcome);
        return _services.Outage.OutlastAsync(() => _services.Store.WriteAsync(step, CancellationToken.None), _abandoned.Token);
    }

    private async Task<bool> RebuildAsync()
    {
        var recorded = await _services.Outage.OutlastAsync(
            () => _services.Store.ReadHistoryAsync([_row], _abandoned.Token), _abandoned.Token);
        var before = _execution.Describe();
        _execution = await ReplayAsync([.. recorded[_row.ExecutionId]], replaying: true);
        var after = _execution.Describe();
        if (_execution.Outcome is null && before == after)
        {
            return true;
        }

        var failure = _execution.Outcome?.Failure ?? Failures.Of(new NonDeterministicOrchestrationException(
            $"Orchestrator '{_row.Name}': after event {_seq} it waits for {before}, but its replay for {after}."));
        await WriteAsync(null, new OrchestrationOutcome(null, failure));
        Leave();
        return false;
    }

    private async Task<OrchestrationExecution> ReplayAsync(IReadOnlyList<HistoryEvent> events, bool replaying)
    {
        var code = _services.Functions.FindOrchestrator(_row.Name)
            ?? throw new InvalidOperationException($"There is no orchestrator named '{_row.Name}'.");
        OrchestrationExecution run = new(_row, code, _services.Loggers, () => Post(ViolatedAsync));
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
        await _services.OrchestratorSlots.WaitAsync(_abandoned.Token);
        try
        {
            code();
        }
        finally
        {
            _services.OrchestratorSlots.Release();
        }
    }

    private void Leave()
    {
        _over = true;
        _started.ForgetAll();
        _left(this);
    }
}
