namespace Iga.Callers;

/// <summary>Keys as they are read from their places, with everything that is wrong with them.</summary>
internal sealed class ApiKeyList
{
    private readonly List<ApiKey> _keys = [];
    private readonly Dictionary<string, (string Place, string Name)> _places = [];

    /// <summary>One a wrong entry: its place, and what is wrong; never the key.</summary>
    public List<string> Errors { get; } = [];

    public IReadOnlyList<ApiKey> Keys => _keys;

    /// <param name="place">Where it stands, for errors.</param>
    public void Add(string place, string entry, bool needsName)
    {
        if (ApiKeyEntry.Read(entry, needsName, out var problem) is { } key)
        {
            Add(place, key);
        }
        else
        {
            Errors.Add($"{place}: {problem}");
        }
    }

    public void Add(string place, ApiKey key)
    {
        var hash = Convert.ToHexString(key.Hash);
        if (_places.TryGetValue(hash, out var earlier))
        {
            // Once more under its own name does no harm: a key moves from the variable to the file so.
            if (earlier.Name != key.Caller.Name)
            {
                Errors.Add($"{place}: '{key.Caller.Name}' has the same key as '{earlier.Name}' ({earlier.Place}); each needs its own");
            }
        }
        else if (_keys.Count == ApiKeySet.Most)
        {
            Errors.Add($"{place}: there are more than {ApiKeySet.Most} keys");
        }
        else
        {
            _places.Add(hash, (place, key.Caller.Name));
            _keys.Add(key);
        }
    }
}
