using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// Buckets and their objects. A precondition and the write that depends on it are one step, for any number of callers.
/// </summary>
/// <param name="buckets">The buckets that exist; null lets every valid name exist.</param>
internal sealed partial class ObjectStore(IObjectContents contents, IReadOnlyCollection<string>? buckets, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly BucketCatalog _buckets = new(acceptsAny: buckets is null, time);
    private long _lastGeneration;
    private int _inserts;

    /// <summary>How many times an object was written.</summary>
    public int Inserts => Volatile.Read(ref _inserts);

    /// <summary>Finds again what was kept, and creates the buckets that are to exist.</summary>
    /// <exception cref="ArgumentException">One of them has no valid name.</exception>
    public void Load()
    {
        if (buckets?.FirstOrDefault(b => !ResourceNames.IsBucket(b)) is { } invalid)
        {
            throw new ArgumentException($"\"{invalid}\" is not a valid name for a bucket");
        }

        foreach (var bucket in contents.LoadBuckets())
        {
            _buckets.TryAdd(bucket);
        }

        foreach (var bucket in buckets ?? [])
        {
            _buckets.TryAdd(BucketResource.New(bucket, time.GetUtcNow()));
            contents.CreateBucket(bucket);
        }

        foreach (var item in contents.Load())
        {
            _buckets[item.Bucket][item.Name] = item;
            _lastGeneration = Math.Max(_lastGeneration, item.Generation);
        }
    }

    /// <exception cref="ApiException">404.</exception>
    public void RequireBucket(string bucket)
    {
        lock (_gate)
        {
            _ = _buckets[bucket];
        }
    }

    /// <exception cref="ApiException">404 for the bucket.</exception>
    public ContentWriter BeginWrite(string bucket)
    {
        RequireBucket(bucket);
        return contents.BeginWrite(bucket);
    }

    /// <summary>Makes content an object, if the preconditions hold at that moment.</summary>
    /// <exception cref="ApiException">400 for a name or a checksum, 404 for the bucket, 412.</exception>
    public async Task<StoredObject> InsertAsync(ObjectDraft draft, ContentWriter content, Preconditions preconditions)
    {
        content.Checksums.Verify(draft.Crc32C, draft.Md5Hash);
        var bytes = await content.CompleteAsync();
        lock (_gate)
        {
            return Put(draft.ToObject(_buckets.Resource(draft.Bucket).StorageClass), content, bytes, preconditions);
        }
    }

    public StoredObject? Find(string bucket, string name)
    {
        lock (_gate)
        {
            return _buckets.Find(bucket, name);
        }
    }

    /// <exception cref="ApiException">404, 412 or 304.</exception>
    public StoredObject Get(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            return _buckets.Existing(bucket, name, generation, preconditions, reading: true);
        }
    }

    /// <exception cref="ApiException">404, 412 or 304.</exception>
    public (StoredObject Item, Stream Content) Open(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            var item = _buckets.Existing(bucket, name, generation, preconditions, reading: true);
            return (item, contents.Open(item) ?? throw BucketCatalog.NoSuchObject(bucket, name));
        }
    }

    /// <exception cref="ApiException">404 or 412.</exception>
    public StoredObject Patch(
        string bucket, string name, long? generation, Preconditions preconditions, Func<StoredObject, StoredObject> change)
    {
        lock (_gate)
        {
            var item = _buckets.Existing(bucket, name, generation, preconditions);
            item = change(item) with { Metageneration = item.Metageneration + 1, Updated = time.GetUtcNow() };
            contents.UpdateMetadata(item);
            return _buckets[bucket][name] = item;
        }
    }

    /// <exception cref="ApiException">404 or 412.</exception>
    public void Delete(string bucket, string name, long? generation, Preconditions preconditions)
    {
        lock (_gate)
        {
            contents.Delete(_buckets.Existing(bucket, name, generation, preconditions));
            _buckets[bucket].Remove(name);
        }
    }

    /// <returns>The bucket's objects in the order of their names.</returns>
    /// <exception cref="ApiException">404 for the bucket.</exception>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix = "")
    {
        lock (_gate)
        {
            return [.. _buckets[bucket].Values.Where(o => o.Name.StartsWith(prefix, StringComparison.Ordinal))];
        }
    }

    public void Dispose() => contents.Dispose();

    /// <summary>To be called with the gate held.</summary>
    private StoredObject Put(StoredObject item, ContentWriter content, byte[]? bytes, Preconditions preconditions)
    {
        var objects = _buckets[item.Bucket];
        var current = objects.GetValueOrDefault(item.Name);
        preconditions.Check(current);
        var now = time.GetUtcNow();
        _lastGeneration = Math.Max(_lastGeneration + 1, now.ToUnixTimeMilliseconds() * 1000);
        item = item with
        {
            Generation = _lastGeneration,
            Metageneration = 1,
            Size = content.Length,
            Crc32C = content.Checksums.Crc32C,
            // GCS knows no MD5 of an object that was composed.
            Md5Hash = item.ComponentCount > 0 ? "" : content.Checksums.Md5,
            TimeCreated = now,
            Updated = now,
        };
        objects[item.Name] = item = contents.Commit(item, content, bytes, current);
        _inserts++;
        return item;
    }
}
