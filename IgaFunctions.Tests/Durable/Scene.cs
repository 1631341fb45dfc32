using System.Collections.Concurrent;

namespace Iga.Tests.Durable;

/// <summary>What the test functions and their test share: doors that activities wait at, and a count of who came by.</summary>
internal sealed class Scene
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> doors = [];
    private readonly ConcurrentDictionary<string, int> counts = [];
    private int inside;

    public int MostInside { get; private set; }

    public int Inside => Volatile.Read(ref inside);

    public int Count(string what) => counts.GetValueOrDefault(what);

    public void Pass(string what) => counts.AddOrUpdate(what, 1, (_, n) => n + 1);

    public void Open(string door) => Door(door).TrySetResult();

    /// <summary>Waits until the door is opened.</summary>
    public async Task WaitAsync(string door, CancellationToken cancellation)
    {
        Pass(door);
        lock (doors)
        {
            MostInside = Math.Max(MostInside, ++inside);
        }

        try
        {
            await Door(door).Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Pass($"{door} cancelled");
            throw;
        }
        finally
        {
            lock (doors)
            {
                inside--;
            }
        }
    }

    private TaskCompletionSource Door(string name) =>
        doors.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
