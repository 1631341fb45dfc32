using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Objects that are made of others.</summary>
internal sealed partial class ObjectStore
{
    /// <summary>Makes an object of the content of others, in their order, if all preconditions hold.</summary>
    /// <param name="target">The new object, from the sources and the class that its bucket gives to objects.</param>
    /// <param name="deleteSources">Takes the sources away in the same step.</param>
    /// <exception cref="ApiException">404 for a source or the bucket, 412.</exception>
    public async Task<StoredObject> CombineAsync(
        IReadOnlyList<CopySource> sources,
        string bucket,
        Func<IReadOnlyList<StoredObject>, string, StoredObject> target,
        Preconditions preconditions,
        bool deleteSources,
        CancellationToken cancellationToken)
    {
        var items = new List<StoredObject>();
        await using var content = BeginWrite(bucket);
        foreach (var source in sources)
        {
            var (item, stream) = OpenSource(source);
            await using (stream)
            {
                await content.CopyFromAsync(stream, limit: null, cancellationToken);
            }

            items.Add(item);
        }

        var bytes = await content.CompleteAsync();
        lock (_gate)
        {
            // What came in between is found here: the sources are still those that were read.
            foreach (var item in deleteSources ? items : [])
            {
                _ = _buckets.Existing(item.Bucket, item.Name, item.Generation, Preconditions.None);
            }

            var made = Put(target(items, _buckets.Resource(bucket).StorageClass), content, bytes, preconditions);
            foreach (var item in (deleteSources ? items : []).DistinctBy(i => i.Name).Where(i => i.Name != made.Name))
            {
                contents.Delete(item);
                _buckets[item.Bucket].Remove(item.Name);
            }

            return made;
        }
    }

    /// <exception cref="ApiException">404 or 412.</exception>
    public StoredObject GetSource(CopySource source)
    {
        lock (_gate)
        {
            return _buckets.Existing(source.Bucket, source.Name, source.Generation, source.Preconditions);
        }
    }

    private (StoredObject Item, Stream Content) OpenSource(CopySource source)
    {
        lock (_gate)
        {
            var item = GetSource(source);
            return (item, contents.Open(item) ?? throw BucketCatalog.NoSuchObject(source.Bucket, source.Name));
        }
    }
}
