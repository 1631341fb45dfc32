namespace Iga.LocalHost.Durable.Engine;

/// <summary>
/// Tells an orchestrator's own steps from everything else. The code of an orchestrator runs only within <see cref="Run"/>,
/// on one thread: what awaits a durable task was captured with this context, so it continues inline when the task is ended
/// within <see cref="Run"/>. Whatever is <em>posted</em> here instead awaited something that is not a durable task.
/// </summary>
internal sealed class OrchestrationThread(Action foreignAwait) : SynchronizationContext
{
    private volatile int _thread;

    public bool IsCurrent => _thread == Environment.CurrentManagedThreadId;

    public void Run(Action step)
    {
        var outer = Current;
        _thread = Environment.CurrentManagedThreadId;
        SetSynchronizationContext(this);
        try
        {
            step();
        }
        finally
        {
            SetSynchronizationContext(outer);
            _thread = 0;
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => foreignAwait();

    public override void Send(SendOrPostCallback d, object? state) => foreignAwait();

    public override SynchronizationContext CreateCopy() => this;
}
