namespace Iga.Faults;

/// <summary>The circuit breakers of a dependency, one for each part of it that can be down by itself, such as a model.</summary>
internal sealed class CircuitBreakers(TimeProvider time)
{
    // Callers choose the models: their number is theirs, the memory is ours.
    internal const int Most = 64;

    private readonly Dictionary<string, CircuitBreaker> _byName = new(StringComparer.Ordinal);

    public CircuitBreaker Of(string name)
    {
        lock (_byName)
        {
            if (!_byName.TryGetValue(name, out var breaker))
            {
                if (_byName.Count == Most)
                {
                    // The one that says least: it has never failed, or not for the longest time.
                    _byName.Remove(_byName.MinBy(entry => entry.Value.LastFailedAt).Key);
                }

                _byName[name] = breaker = new CircuitBreaker(time);
            }

            return breaker;
        }
    }
}
