using System.Collections.Concurrent;
using Iga.Keys;
using Npgsql;

namespace Iga.Workflow.Activities;

/// <summary>
/// The activities of this process that call the model or the bucket, so that those of a cancelled task are broken off: at once by
/// <see cref="BreakOff"/>, and within seconds where another process cancelled it, since the table is asked now and then.
/// </summary>
public sealed class RunningTasks : IDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TaskCancellation _cancellation;
    private readonly ILogger<RunningTasks> _logger;
    private readonly ConcurrentDictionary<Run, Guid> _runs = [];
    private readonly ITimer _timer;
    private int _asking;

    public RunningTasks(TaskCancellation cancellation, TimeProvider time, ILogger<RunningTasks> logger)
    {
        (_cancellation, _logger) = (cancellation, logger);
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, Interval, Interval);
    }

    /// <summary>Runs an activity's work, whose token is cancelled with the engine's, and when the task is cancelled.</summary>
    /// <param name="cancellationToken">The engine's.</param>
    /// <returns>Where the task was cancelled, that the work does not own its key; the workflow finds out why.</returns>
    public async Task<Progress> RunAsync(Guid taskId, Func<CancellationToken, Task<Progress>> work, CancellationToken cancellationToken)
    {
        using var run = new Run(this, cancellationToken);
        _runs[run] = taskId;
        try
        {
            return await work(run.Token);
        }
        catch (Exception) when (run.IsBrokenOff)
        {
            return new Progress.NotOwned();
        }
    }

    /// <summary>Breaks off what this process does for a cancelled task.</summary>
    public void BreakOff(Guid taskId)
    {
        foreach (var (run, id) in _runs)
        {
            if (id == taskId)
            {
                run.BreakOff();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private async Task LookAsync()
    {
        if (_runs.IsEmpty || Interlocked.Exchange(ref _asking, 1) == 1)
        {
            return;
        }

        try
        {
            using var timeout = new CancellationTokenSource(Interval * 2);
            foreach (var id in await _cancellation.FindAmongAsync([.. _runs.Values.Distinct()], timeout.Token))
            {
                BreakOff(id);
            }
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            _logger.LogDebug(exception, "Whether running tasks were cancelled could not be looked up; the next look tries again");
        }
        finally
        {
            Volatile.Write(ref _asking, 0);
        }
    }

    /// <summary>One activity of a task.</summary>
    private sealed class Run : IDisposable
    {
        private readonly RunningTasks _tasks;
        private readonly CancellationTokenSource _source;
        private volatile bool _isBrokenOff;

        public Run(RunningTasks tasks, CancellationToken cancellationToken) =>
            (_tasks, _source) = (tasks, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));

        public CancellationToken Token => _source.Token;

        /// <summary>Whether the task was cancelled.</summary>
        public bool IsBrokenOff => _isBrokenOff;

        public void Dispose()
        {
            if (_tasks._runs.TryRemove(this, out _))
            {
                _source.Dispose();
            }
        }

        public void BreakOff()
        {
            _isBrokenOff = true;
            try
            {
                _ = _source.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It has ended meanwhile.
            }
        }
    }
}
