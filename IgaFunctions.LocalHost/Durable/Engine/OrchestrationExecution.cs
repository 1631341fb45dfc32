namespace Iga.LocalHost.Durable.Engine;

/// <summary>
/// One run of an orchestrator's code in memory. It is told events one after another and, after each, has come to rest:
/// it waits for pending tasks, or has ended. It does nothing to the world; what it asks for is read from here by its owner
/// and done once the event is committed.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly OrchestrationThread _thread;
    private readonly Func<TaskOrchestrationContext, Task<object?>> _code;
    private readonly OrchestrationContext _context;
    private readonly Action _violated;
    private string? _violation;
    private OrchestrationOutcome? _ended;

    /// <param name="code">The orchestrator's own code.</param>
    /// <param name="violated">Called, on any thread, when the code did what it may not between two events.</param>
    public OrchestrationExecution(
        InstanceRow row, Func<TaskOrchestrationContext, Task<object?>> code, ILoggerFactory loggers, Action violated)
    {
        _code = code;
        _violated = violated;
        _thread = new OrchestrationThread(() => Violate(
            "the orchestrator awaited something that is not a durable task of its context"));
        _context = new OrchestrationContext(row, this, loggers);
    }

    /// <summary>How the run ended; null while it waits.</summary>
    public OrchestrationOutcome? Outcome { get; private set; }

    /// <summary>What it waits for, by task id.</summary>
    public IReadOnlyDictionary<int, PendingTask> Pending => _context.Pending;

    public string? CustomStatus { get; private set; }

    /// <summary>Runs the code up to its first wait.</summary>
    public void Start(bool replaying) => Step(replaying, () => _ = RunAsync());

    /// <summary>Tells the code that a task has ended and runs it up to its next wait.</summary>
    public void Apply(HistoryEvent ended, bool replaying)
    {
        _violation ??= Contradiction(ended);
        Step(replaying, () => _context.End(ended));
    }

    /// <summary>What this run waits for and shows, in words: equal for equal runs.</summary>
    public string Describe() => Pending.Count == 0
        ? $"nothing, custom status {CustomStatus ?? "null"}"
        : $"{string.Join(", ", Pending.Values.OrderBy(t => t.Id))}, custom status {CustomStatus ?? "null"}";

    /// <exception cref="InvalidOperationException">The caller is not the orchestrator's own code.</exception>
    internal void EnsureOwnThread()
    {
        if (!_thread.IsCurrent)
        {
            const string Problem = "the orchestrator used its context from outside of its own steps";
            Violate(Problem);
            throw new InvalidOperationException(Problem);
        }
    }

    /// <summary>Ends the run if its code has done, at any time, what it may not.</summary>
    public void Check()
    {
        if (_violation is null && _ended is null && Pending.Count == 0)
        {
            _violation = "the orchestrator awaits something that is not a durable task of its context";
        }

        if (_violation is not null)
        {
            Outcome = OrchestrationOutcome.Failed(new NonDeterministicOrchestrationException(
                $"Orchestrator '{_context.Name}': {_violation}. Its code must do the same in every replay of its history."));
        }
        else
        {
            Outcome = _ended;
        }
    }

    private string? Contradiction(HistoryEvent ended)
    {
        if (Outcome is not null)
        {
            return $"{Recorded()}, but this run had ended before it";
        }

        if (!Pending.TryGetValue(ended.TaskId, out var task))
        {
            return $"{Recorded()}, but this run never asked for task #{ended.TaskId}: it waits for {Describe()}";
        }

        return task is PendingTask.Timer == (ended.Kind == HistoryEventKind.Fired)
            && string.Equals(task.Name, ended.Name, StringComparison.OrdinalIgnoreCase)
            ? null : $"{Recorded()}, but this run's task #{ended.TaskId} is {task}";

        string Recorded() =>
            $"the history's event {ended.Seq} is the end of task #{ended.TaskId} '{ended.Name}' ({ended.Kind})";
    }

    private void Violate(string problem)
    {
        Interlocked.CompareExchange(ref _violation, problem, null);
        if (!_thread.IsCurrent)
        {
            _violated();
        }
    }

    private void Step(bool replaying, Action step)
    {
        if (_violation is null)
        {
            _context.Replaying = replaying;
            _thread.Run(() =>
            {
                step();
                ShowCustomStatus();
            });
        }

        Check();
    }

    /// <summary>A status that can't be written ends the orchestration, as if its own code had thrown.</summary>
    private void ShowCustomStatus()
    {
        try
        {
            CustomStatus = _context.SerializeCustomStatus();
        }
        catch (Exception exception)
        {
            _ended = OrchestrationOutcome.Failed(exception);
        }
    }

    private async Task RunAsync()
    {
        try
        {
            var result = await _code(_context);
            _ended = new OrchestrationOutcome(DurableJson.Serialize(result), null);
        }
        catch (Exception exception)
        {
            _ended = OrchestrationOutcome.Failed(exception);
        }
    }
}
