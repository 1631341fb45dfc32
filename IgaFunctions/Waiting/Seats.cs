namespace Iga.Waiting;

/// <summary>Bounds how many of a kind may be open at once, in all and for each API key, so that one caller does not take all.</summary>
/// <param name="most">In all.</param>
internal sealed class Seats(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>What one API key may have. Callers without a key are not told apart, and share all.</summary>
    public int OfOneKey { get; } = (most + 1) / 2;

    /// <summary>So many are taken.</summary>
    public int Taken => Volatile.Read(ref _all);

    /// <returns>False when there is none left for the caller.</returns>
    public bool TryTake(string? caller)
    {
        lock (_gate)
        {
            var taken = caller is null ? 0 : _taken.GetValueOrDefault(caller);
            if (_all >= most || (caller is not null && taken >= OfOneKey))
            {
                return false;
            }

            _all++;
            if (caller is not null)
            {
                _taken[caller] = taken + 1;
            }

            return true;
        }
    }

    public void GiveBack(string? caller)
    {
        lock (_gate)
        {
            _all--;
            if (caller is not null && --_taken[caller] == 0)
            {
                _taken.Remove(caller);
            }
        }
    }
}
