namespace Iga.Emulators.Hosting;

/// <summary>The last so many entries.</summary>
internal sealed class BoundedLog<T>(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<T> _entries = new();

    public void Add(T entry)
    {
        lock (_gate)
        {
            if (_entries.Count == capacity)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }
    }

    public IReadOnlyList<T> ToList()
    {
        lock (_gate)
        {
            return [.. _entries];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }
}
