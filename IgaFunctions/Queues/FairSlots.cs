namespace Iga.Queues;

/// <summary>Lets so many in at once; those who wait are let in by turns of their callers. Waiting takes no thread.</summary>
internal sealed class FairSlots(int count)
{
    private readonly Lock _gate = new();
    private readonly FairQueue<TaskCompletionSource> _waiting = new();
    private int _free = count;

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <param name="callerOf">Whose turn it is; asked only where it has to be waited for.</param>
    /// <exception cref="OperationCanceledException">Nothing is taken then.</exception>
    public Task EnterAsync(Func<string> callerOf, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Nobody waits while a slot is free.
            if (_free > 0)
            {
                _free--;
                return Task.CompletedTask;
            }
        }

        return WaitAsync(callerOf(), cancellationToken);
    }

    /// <returns>The slot, to be disposed when it is not needed any more; more often does no harm.</returns>
    /// <inheritdoc cref="EnterAsync"/>
    public async ValueTask<IDisposable> TakeAsync(Func<string> callerOf, CancellationToken cancellationToken)
    {
        await EnterAsync(callerOf, cancellationToken);
        return new Slot(this);
    }

    public void Release()
    {
        lock (_gate)
        {
            while (_waiting.TryTake(out var next))
            {
                if (next.TrySetResult())
                {
                    return;
                }
            }

            _free++;
        }
    }

    private async Task WaitAsync(string caller, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Func<bool> leave;
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            leave = _waiting.Add(caller, turn);
        }

        using var cancelled = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn);
        try
        {
            await turn.Task;
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                leave();
            }

            throw;
        }
    }

    private sealed class Slot(FairSlots slots) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}
