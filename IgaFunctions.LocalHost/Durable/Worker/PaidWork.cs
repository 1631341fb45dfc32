namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// What a stop of this process waits for: the activities that have a call under way which costs money, or that hold what such a
/// call has brought. Once the process stops, none begins such a call any more.
/// </summary>
internal sealed class PaidWork
{
    private readonly AsyncLocal<CancellationTokenSource?> _activity = new();
    private readonly HashSet<CancellationTokenSource> _held = [];
    private readonly Lock _gate = new();
    private bool _closed;

    /// <summary>How many activities are waited for.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>From now on no call that costs money begins; those that are under way go on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Notes, for the calling method and all that it calls, that they are one activity.</summary>
    /// <param name="activity">Cancels the activity.</param>
    /// <returns>To be disposed when the activity has ended.</returns>
    public IDisposable Enter(CancellationTokenSource activity)
    {
        _activity.Value = activity;
        return new Stay(this, activity);
    }

    /// <summary>The calling activity begins a call that costs money. Where none may begin any more, the activity is cancelled.</summary>
    /// <returns>Whether it may.</returns>
    public bool TryBegin()
    {
        var activity = _activity.Value;
        lock (_gate)
        {
            if (!_closed)
            {
                // Where a test calls an activity's code by itself, there is nothing to wait for.
                _ = activity is not null && _held.Add(activity);
                return true;
            }
        }

        // It would do nothing but wait. Another process, or this one when it runs again, runs it anew.
        _ = activity?.CancelAsync();
        return false;
    }

    /// <summary>The call has brought nothing. Where this is not called, the activity is waited for until its end.</summary>
    public void BroughtNothing()
    {
        if (_activity.Value is { } activity)
        {
            Forget(activity);
        }
    }

    private void Forget(CancellationTokenSource activity)
    {
        lock (_gate)
        {
            _held.Remove(activity);
        }
    }

    private sealed class Stay(PaidWork work, CancellationTokenSource activity) : IDisposable
    {
        public void Dispose() => work.Forget(activity);
    }
}
