using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>The buckets themselves.</summary>
internal sealed partial class ObjectStore
{
    public IReadOnlyList<BucketResource> ListBuckets()
    {
        lock (_gate)
        {
            return [.. _buckets.Resources];
        }
    }

    /// <exception cref="ApiException">404, 412 or 304.</exception>
    public BucketResource GetBucket(string bucket, Preconditions preconditions)
    {
        lock (_gate)
        {
            var resource = _buckets.Resource(bucket);
            preconditions.Check(generation: 0, resource.Metageneration, reading: true);
            return resource;
        }
    }

    /// <exception cref="ApiException">400 for an invalid name, 409 when it exists.</exception>
    public void CreateBucket(BucketResource bucket)
    {
        if (!ResourceNames.IsBucket(bucket.Name))
        {
            throw new ApiException(400, "invalid", $"Invalid bucket name: '{bucket.Name}'");
        }

        lock (_gate)
        {
            if (!_buckets.TryAdd(bucket))
            {
                throw new ApiException(409, "conflict",
                    "Your previous request to create the named bucket succeeded and you already own it.");
            }

            contents.KeepBucket(bucket);
        }
    }

    /// <exception cref="ApiException">404, 412, or what the change throws.</exception>
    public BucketResource ChangeBucket(string bucket, Preconditions preconditions, Func<BucketResource, BucketResource> change)
    {
        lock (_gate)
        {
            var resource = _buckets.Resource(bucket);
            preconditions.Check(generation: 0, resource.Metageneration);
            resource = change(resource) with { Metageneration = resource.Metageneration + 1, Updated = time.GetUtcNow() };
            contents.KeepBucket(resource);
            _buckets.Replace(resource);
            return resource;
        }
    }

    /// <exception cref="ApiException">404, 412, or 409 when it is not empty.</exception>
    public void DeleteBucket(string bucket, Preconditions preconditions)
    {
        lock (_gate)
        {
            preconditions.Check(generation: 0, _buckets.Resource(bucket).Metageneration);
            if (_buckets[bucket].Count > 0)
            {
                throw new ApiException(409, "conflict", "The bucket you tried to delete is not empty.");
            }

            contents.DeleteBucket(bucket);
            _buckets.Remove(bucket);
        }
    }
}
