namespace Iga.Emulators.Storage;

/// <summary>Keeps objects for as long as the emulator lives.</summary>
internal sealed class MemoryContents : IObjectContents
{
    private readonly Dictionary<(string, string), byte[]> _contents = [];

    public IReadOnlyList<StoredObject> Load() => [];

    public IReadOnlyList<BucketResource> LoadBuckets() => [];

    public void CreateBucket(string bucket)
    {
    }

    public void KeepBucket(BucketResource bucket)
    {
    }

    public void DeleteBucket(string bucket)
    {
    }

    public ContentWriter BeginWrite(string bucket) => new(new MemoryStream(), stagedName: null, drop: () => { });

    public StoredObject Commit(StoredObject item, ContentWriter content, byte[]? bytes, StoredObject? replaced)
    {
        _contents[(item.Bucket, item.Name)] = bytes!;
        return item;
    }

    public void UpdateMetadata(StoredObject item)
    {
    }

    public void Delete(StoredObject item) => _contents.Remove((item.Bucket, item.Name));

    public Stream? Open(StoredObject item) =>
        _contents.TryGetValue((item.Bucket, item.Name), out var bytes) ? new MemoryStream(bytes, writable: false) : null;

    public void Dispose() => _contents.Clear();
}
