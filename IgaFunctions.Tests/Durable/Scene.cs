using System.Collections.Concurrent;

namespace Iga.Tests.Durable;

/// <summary>What the test functions and their test share: doors that activities wait at, and a count of who came by.</summary>
internal sealed class Scene
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _doors = [];
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private int _inside;

    public int MostInside { get; private set; }

    public int Inside => Volatile.Read(ref _inside);

    public int Count(string what) => _counts.GetValueOrDefault(what);

    public void Pass(string what) => _counts.AddOrUpdate(what, 1, (_, n) => n + 1);

    public void Open(string door) => Door(door).TrySetResult();

    /// <summary>Waits until the door is opened.</summary>
    public async Task WaitAsync(string door, CancellationToken cancellationToken)
    {
        Pass(door);
        lock (_doors)
        {
            MostInside = Math.Max(MostInside, ++_inside);
        }

        try
        {
            await Door(door).Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Pass($"{door} cancelled");
            throw;
        }
        finally
        {
            lock (_doors)
            {
                _inside--;
            }
        }
    }

    private TaskCompletionSource Door(string name) =>
        _doors.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
