namespace Iga.LocalHost.Durable.Worker;

/// <summary>Runs what is posted to it one after another, in order, holding a thread only while something runs.</summary>
internal sealed class SerialQueue : IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private readonly Queue<Func<Task>> waiting = [];
    private bool working;

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

    /// <param name="work">Handles its own exceptions.</param>
    public void Post(Func<Task> work)
    {
        lock (gate)
        {
            waiting.Enqueue(work);
            if (working)
            {
                return;
            }

            working = true;
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
            lock (gate)
            {
                if (!waiting.TryDequeue(out work!))
                {
                    working = false;
                    return;
                }
            }

            await work();
        }
    }
}
