using Iga.TaskList;
using Iga.Workflow;

namespace Iga.TaskEvents;

/// <summary>Looks again and again at what all tasks are doing, and finds what has changed since the last look. For use by one at a time.</summary>
public sealed class TaskLooks(EventRows rows, TaskSummaries tasks, ITaskStates states, TimeProvider time)
{
    /// <summary>Of so many tasks in flight the engine is asked for the state at a look; of more in turns.</summary>
    private const int StatesAtOnce = 200;

    private const int ReadAtOnce = 200;

    private SeenTasks? _seen;
    private DateTimeOffset? _since;
    private int _turn;

    /// <summary>The next look is a first one, which finds no change.</summary>
    public void Forget() => (_seen, _since, _turn) = (null, null, 0);

    /// <returns>The database's time of the look, and what has changed.</returns>
    internal async Task<(DateTimeOffset At, IReadOnlyList<TaskEvent> Found)> NextAsync(
        DurableTaskClient client, CancellationToken cancellationToken)
    {
        var snapshot = await rows.ReadAsync(_since, cancellationToken);
        if (_seen is null)
        {
            var first = await states.FindAsync(client, [.. snapshot.InFlight.Take(StatesAtOnce)], cancellationToken);
            _seen = new SeenTasks(time);
            _seen.Begin(snapshot, first);
            _since = snapshot.EndedUntil;
            return (snapshot.At, []);
        }

        var asked = NextTurn([.. _seen.InFlight.Keys.Where(snapshot.InFlight.Contains)]);
        var told = asked.Length == 0 ? new Dictionary<Guid, string>() : await states.FindAsync(client, asked, cancellationToken);
        var changed = _seen.FindChanged(snapshot, told);
        List<TaskSummary> read = [];
        foreach (var part in changed.Chunk(ReadAtOnce))
        {
            read.AddRange(await tasks.FindAsync(client, part, cancellationToken));
        }

        // From here on nothing fails, so that what is taken for told is told.
        _since = snapshot.EndedUntil;
        return (snapshot.At, [.. _seen.Take(changed, read).Select(task => TaskEvent.Of(task, snapshot.At))]);
    }

    private Guid[] NextTurn(Guid[] inFlight)
    {
        if (inFlight.Length <= StatesAtOnce)
        {
            return inFlight;
        }

        _turn = (_turn + StatesAtOnce) % inFlight.Length;
        return [.. inFlight.Skip(_turn).Concat(inFlight.Take(_turn)).Take(StatesAtOnce)];
    }
}
