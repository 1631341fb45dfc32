using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Which buckets and objects exist. Not thread-safe.</summary>
/// <param name="acceptsAny">Lets every bucket with a valid name exist.</param>
internal sealed class BucketCatalog(bool acceptsAny)
{
    private readonly SortedDictionary<string, SortedDictionary<string, StoredObject>> _buckets = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _buckets.Keys;

    /// <summary>The bucket's objects by their names.</summary>
    /// <exception cref="ApiException">404.</exception>
    public SortedDictionary<string, StoredObject> this[string bucket]
    {
        get
        {
            if (_buckets.TryGetValue(bucket, out var objects))
            {
                return objects;
            }

            if (acceptsAny && ResourceNames.IsBucket(bucket))
            {
                return _buckets[bucket] = new(StringComparer.Ordinal);
            }

            throw new ApiException(404, "notFound", "The specified bucket does not exist.");
        }
    }

    /// <returns>False if it exists.</returns>
    public bool TryAdd(string bucket) => _buckets.TryAdd(bucket, new(StringComparer.Ordinal));

    public void Remove(string bucket) => _buckets.Remove(bucket);

    public StoredObject? Find(string bucket, string name) =>
        _buckets.GetValueOrDefault(bucket)?.GetValueOrDefault(name);

    /// <exception cref="ApiException">404, 412 or, when reading, 304.</exception>
    public StoredObject Existing(
        string bucket, string name, long? generation, Preconditions preconditions, bool reading = false)
    {
        var item = this[bucket].GetValueOrDefault(name);
        if (item is null || (generation is { } g && g != item.Generation))
        {
            throw NoSuchObject(bucket, name);
        }

        preconditions.Check(item, reading);
        return item;
    }

    public static ApiException NoSuchObject(string bucket, string name) =>
        new(404, "notFound", $"No such object: {bucket}/{name}");
}
