using Iga.Tasks;

namespace Iga.Tests.Keys;

/// <summary>What the store answered to a task, counted from many threads.</summary>
internal sealed class TaskCalls(ImageTask task)
{
    private int _won;
    private int _renewed;
    private int _completed;
    private int _failed;
    private int _released;

    public ImageTask Task => task;

    public int Won => _won;

    /// <summary>Calls that were told that the task owns its key, and may have renewed its lock.</summary>
    public int Renewed => _renewed;

    public int Completed => _completed;

    public int Failed => _failed;

    /// <summary>Releases that were asked for, whether or not there was anything to release.</summary>
    public int Released => _released;

    public void CountWon() => Interlocked.Increment(ref _won);

    public void CountRenewed() => Interlocked.Increment(ref _renewed);

    public void CountCompleted() => Interlocked.Increment(ref _completed);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void CountReleased() => Interlocked.Increment(ref _released);
}
