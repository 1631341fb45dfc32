namespace Iga.LocalHost.Durable.Worker;

/// <summary>Runs what is posted to it one after another, in order, holding a thread only while something runs.</summary>
internal sealed class SerialQueue : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<Task>> _waiting = [];
    private bool _working;

    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return !_working;
            }
        }
    }

    /// <param name="work">Handles its own exceptions.</param>
    public void Post(Func<Task> work)
    {
        lock (_gate)
        {
            _waiting.Enqueue(work);
            if (_working)
            {
                return;
            }

            _working = true;
        }

        // Without the poster's ambient state (a request's trace, say): what runs here is not part of it.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => _ = WorkAsync();

    private async Task WorkAsync()
    {
        while (true)
        {
            Func<Task> work;
            lock (_gate)
            {
                if (!_waiting.TryDequeue(out work!))
                {
                    _working = false;
                    return;
                }
            }

            await work();
        }
    }
}
