using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// Buckets and their objects. A precondition and the write that depends on it are one step, for any number of callers.
/// </summary>
/// <param name="buckets">The buckets that exist; null lets every valid name exist.</param>
internal sealed class ObjectStore(IObjectContents contents, IReadOnlyCollection<string>? buckets, TimeProvider time)
    : IDisposable
{
    private readonly Lock _gate = new();
    private readonly BucketCatalog _buckets = new(acceptsAny: buckets is null);
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

        foreach (var bucket in contents.LoadBuckets().Concat(buckets ?? []))
        {
            _buckets.TryAdd(bucket);
        }

        foreach (var bucket in buckets ?? [])
        {
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

    public IReadOnlyList<string> ListBuckets()
    {
        lock (_gate)
        {
            return [.. _buckets.Names];
        }
    }

    /// <exception cref="ApiException">400 for an invalid name, 409 when it exists.</exception>
    public void CreateBucket(string bucket)
    {
        if (!ResourceNames.IsBucket(bucket))
        {
            throw new ApiException(400, "invalid", $"Invalid bucket name: '{bucket}'");
        }

        lock (_gate)
        {
            if (!_buckets.TryAdd(bucket))
            {
                throw new ApiException(409, "conflict",
                    "Your previous request to create the named bucket succeeded and you already own it.");
            }

            contents.CreateBucket(bucket);
        }
    }

    /// <exception cref="ApiException">404, or 409 when it is not empty.</exception>
    public void DeleteBucket(string bucket)
    {
        lock (_gate)
        {
            if (_buckets[bucket].Count > 0)
            {
                throw new ApiException(409, "conflict", "The bucket you tried to delete is not empty.");
            }

            contents.DeleteBucket(bucket);
            _buckets.Remove(bucket);
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
            var objects = _buckets[draft.Bucket];
            var current = objects.GetValueOrDefault(draft.Name);
            preconditions.Check(current);
            var now = time.GetUtcNow();
            _lastGeneration = Math.Max(_lastGeneration + 1, now.ToUnixTimeMilliseconds() * 1000);
            var item = draft.ToObject() with
            {
                Generation = _lastGeneration,
                Size = content.Length,
                Crc32C = content.Checksums.Crc32C,
                Md5Hash = content.Checksums.Md5,
                TimeCreated = now,
                Updated = now,
            };
            objects[draft.Name] = item = contents.Commit(item, content, bytes, current);
            _inserts++;
            return item;
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
}
