namespace Iga.Emulators.Faults;

/// <summary>
/// The faults that wait for requests: a queue, first scripted, first served. A request takes the first one that fits it
/// and takes one only.
/// </summary>
public sealed class FaultScript
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _queue = [];
    private readonly SortedDictionary<string, int> _served = new(StringComparer.Ordinal);
    private readonly FaultTarget _target;

    internal FaultScript(FaultTarget target, params string[] operations) => (_target, Operations) = (target, operations);

    /// <summary>
    /// The operations that a fault can be scripted for. A shorter name stands for all that begin with it
    /// (<c>storage.objects</c>), and <c>*</c> for every one.
    /// </summary>
    public IReadOnlyList<string> Operations { get; }

    /// <summary>How many faults requests have run into since the last reset.</summary>
    public int Served => Read(() => _served.Values.Sum());

    /// <summary>How many requests the faults that still wait would hit.</summary>
    public int Pending => Read(() => _queue.Sum(e => e.Count));

    /// <summary>How often each fault was served, by its name.</summary>
    public IReadOnlyDictionary<string, int> ServedByName => Read(() => new Dictionary<string, int>(_served));

    /// <summary>Adds a fault at the end of the queue.</summary>
    /// <param name="operation">One of <see cref="Operations"/>, a prefix of some, or <c>*</c>.</param>
    /// <param name="count">How many requests it applies to.</param>
    /// <param name="match">Only to requests whose prompt (or object name) contains this.</param>
    /// <exception cref="ArgumentException">No such operation, a fault of another service, or a count below 1.</exception>
    public void Add(string operation, Fault fault, int count = 1, string? match = null)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(fault);
        if (count < 1)
        {
            throw new ArgumentException($"count has to be 1 or more, and is {count}");
        }

        if (!Operations.Any(o => Covers(operation, o)))
        {
            throw new ArgumentException(
                $"there is no operation \"{operation}\"; there are: {string.Join(", ", Operations)}, *");
        }

        if (fault.Target != FaultTarget.Any && fault.Target != _target)
        {
            throw new ArgumentException($"\"{fault.Name}\" is not a fault of this service");
        }

        lock (_gate)
        {
            _queue.Add(new Entry(operation, fault, match) { Count = count });
        }
    }

    /// <inheritdoc cref="Add(string, Fault, int, string?)"/>
    /// <param name="fault">A fault's name, such as <c>return-503</c>.</param>
    /// <exception cref="FormatException">No fault has that name.</exception>
    public void Add(string operation, string fault, int count = 1, string? match = null) =>
        Add(operation, FaultName.Parse(fault), count, match);

    /// <summary>Forgets the faults that wait.</summary>
    public void Clear() => Read(() => { _queue.Clear(); return 0; });

    internal void Reset() => Read(() => { _queue.Clear(); _served.Clear(); return 0; });

    /// <param name="subject">The prompt or the object's name.</param>
    /// <param name="fits">
    /// Whether a fault can strike this request; the flag says that it was scripted for just this operation, by its full name.
    /// </param>
    internal Fault? Take(string operation, string subject, Func<Fault, bool, bool>? fits = null)
    {
        lock (_gate)
        {
            var index = _queue.FindIndex(e => Covers(e.Operation, operation)
                && (e.Match is null || subject.Contains(e.Match, StringComparison.Ordinal))
                && (fits is null || fits(e.Fault, e.Operation == operation)));
            if (index < 0)
            {
                return null;
            }

            var entry = _queue[index];
            if (--entry.Count == 0)
            {
                _queue.RemoveAt(index);
            }

            _served[entry.Fault.Name] = _served.GetValueOrDefault(entry.Fault.Name) + 1;
            return entry.Fault;
        }
    }

    private static bool Covers(string scripted, string operation) =>
        scripted is "*" || scripted == operation || operation.StartsWith(scripted + ".", StringComparison.Ordinal);

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private sealed record Entry(string Operation, Fault Fault, string? Match)
    {
        public int Count { get; set; }
    }
}
