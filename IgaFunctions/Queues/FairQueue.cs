namespace Iga.Queues;

/// <summary>
/// A queue in which callers take turns: each has a line of its own, first in, first out, and the lines are served one after the other.
/// For use under a lock.
/// </summary>
internal sealed class FairQueue<T>
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>The lines, the next to be served first.</summary>
    private readonly LinkedList<Line> _round = [];

    public int Count { get; private set; }

    /// <returns>Takes the item out again, and tells whether it was still there.</returns>
    public Func<bool> Add(string caller, T item)
    {
        if (!_lines.TryGetValue(caller, out var line))
        {
            line = new Line(caller);
            _lines.Add(caller, line);
            _round.AddLast(line.Place);
        }

        var place = line.Items.AddLast(item);
        Count++;
        return () => place.List is not null && Remove(line, place);
    }

    public bool TryTake(out T item)
    {
        if (_round.First?.Value is not { Items.First: { } first } line)
        {
            item = default!;
            return false;
        }

        item = first.Value;
        Remove(line, first);
        if (line.Place.List is not null)
        {
            _round.Remove(line.Place);
            _round.AddLast(line.Place);
        }

        return true;
    }

    /// <summary>Makes room for a caller: takes out the last item of the longest line, if that is longer than the caller's own.</summary>
    public bool TryMakeRoom(string caller, out T item)
    {
        var own = _lines.TryGetValue(caller, out var line) ? line.Items.Count : 0;
        if (_round.MaxBy(other => other.Items.Count) is { Items.Last: { } last } longest && longest.Items.Count > own)
        {
            item = last.Value;
            return Remove(longest, last);
        }

        item = default!;
        return false;
    }

    private bool Remove(Line line, LinkedListNode<T> place)
    {
        line.Items.Remove(place);
        Count--;
        if (line.Items.Count == 0)
        {
            _lines.Remove(line.Caller);
            _round.Remove(line.Place);
        }

        return true;
    }

    private sealed class Line
    {
        public Line(string caller) => (Caller, Place) = (caller, new(this));

        public string Caller { get; }

        public LinkedListNode<Line> Place { get; }

        public LinkedList<T> Items { get; } = [];
    }
}
