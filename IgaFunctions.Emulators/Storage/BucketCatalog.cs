using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Which buckets and objects exist. Not thread-safe.</summary>
/// <param name="acceptsAny">Lets every bucket with a valid name exist.</param>
internal sealed class BucketCatalog(bool acceptsAny, TimeProvider time)
{
    private readonly SortedDictionary<string, Entry> _buckets = new(StringComparer.Ordinal);

    public IEnumerable<BucketResource> Resources => _buckets.Values.Select(entry => entry.Resource);

    /// <summary>The bucket's objects by their names.</summary>
    /// <exception cref="ApiException">404.</exception>
    public SortedDictionary<string, StoredObject> this[string bucket] => Find(bucket).Objects;

    /// <exception cref="ApiException">404.</exception>
    public BucketResource Resource(string bucket) => Find(bucket).Resource;

    /// <returns>False if it exists.</returns>
    public bool TryAdd(BucketResource bucket) => _buckets.TryAdd(bucket.Name, new Entry(bucket));

    public void Replace(BucketResource bucket) => _buckets[bucket.Name].Resource = bucket;

    public void Remove(string bucket) => _buckets.Remove(bucket);

    public StoredObject? Find(string bucket, string name) =>
        _buckets.GetValueOrDefault(bucket)?.Objects.GetValueOrDefault(name);

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

    private Entry Find(string bucket)
    {
        if (_buckets.TryGetValue(bucket, out var entry))
        {
            return entry;
        }

        if (acceptsAny && ResourceNames.IsBucket(bucket))
        {
            return _buckets[bucket] = new Entry(BucketResource.New(bucket, time.GetUtcNow()));
        }

        throw new ApiException(404, "notFound", "The specified bucket does not exist.");
    }

    private sealed class Entry(BucketResource resource)
    {
        public BucketResource Resource { get; set; } = resource;

        public SortedDictionary<string, StoredObject> Objects { get; } = new(StringComparer.Ordinal);
    }
}
