using Iga.Changes;

namespace Iga.TaskEvents;

/// <summary>
/// Looks for changes of tasks, whichever process makes them, and gives them to all streams of this process. One look for all of them,
/// every so often or when something changes here, and only while a stream is open.
/// </summary>
public sealed class TaskEventFeed(TaskChanges changes, TaskLooks looks, TimeProvider time, ILogger<TaskEventFeed> logger)
{
    /// <summary>However much changes here.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly HashSet<EventStream> _streams = [];
    private DurableTaskClient? _client;
    private TaskCompletionSource? _begun;
    private DateTimeOffset _position;

    /// <summary>So many streams are open.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>Gives a stream the changes from now on.</summary>
    /// <returns>The database's time up to which all was told before the stream was there.</returns>
    internal async Task<DateTimeOffset> OpenAsync(EventStream stream, DurableTaskClient client, CancellationToken cancellationToken)
    {
        TaskCompletionSource begun;
        lock (_gate)
        {
            _client = client;
            _streams.Add(stream);
            if (_begun is null)
            {
                _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

                // The log scope of the request that happens to be the first must not leak into it.
                using var apart = ExecutionContext.SuppressFlow();
                _ = Task.Run(RunAsync, CancellationToken.None);
            }

            begun = _begun;
        }

        await begun.Task.WaitAsync(cancellationToken);
        lock (_gate)
        {
            return _position;
        }
    }

    internal void Close(EventStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream);
        }

        changes.Moved(); // lets the looks end, if it was the last one
    }

    private async Task RunAsync()
    {
        looks.Forget();
        var failures = 0;
        while (true)
        {
            var change = changes.Next;
            if (IsOver(out var client))
            {
                return;
            }

            failures = await TryLookAsync(client, failures) ? 0 : failures + 1;
            await Task.Delay(ShortestPause, time);
            var pause = Task.Delay(LookPauses.After(failures, LongestPause), time);
            await (failures == 0 ? Task.WhenAny(change, pause) : pause);
        }
    }

    private bool IsOver(out DurableTaskClient client)
    {
        lock (_gate)
        {
            client = _client!;
            if (_streams.Count > 0)
            {
                return false;
            }

            _begun = null;
            return true;
        }
    }

    private async Task<bool> TryLookAsync(DurableTaskClient client, int failures)
    {
        try
        {
            using var timeout = new CancellationTokenSource(LookTimeout);
            var (at, found) = await looks.NextAsync(client, timeout.Token);
            Tell(at, found);
            return true;
        }
        catch (Exception exception)
        {
            // Nothing is lost by it: the next look begins where the last one that succeeded ended.
            if (failures == 0)
            {
                logger.LogWarning(exception, "The changes of tasks that callers listen for could not be read; it is tried again");
            }

            return false;
        }
    }

    private void Tell(DateTimeOffset at, IReadOnlyList<TaskEvent> found)
    {
        lock (_gate)
        {
            _position = at;
            foreach (var stream in _streams)
            {
                foreach (var change in found)
                {
                    stream.Offer(change);
                }
            }

            _begun!.TrySetResult();
        }
    }
}
