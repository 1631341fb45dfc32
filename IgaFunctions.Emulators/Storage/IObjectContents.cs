namespace Iga.Emulators.Storage;

/// <summary>Where objects' bytes are kept. All calls but <see cref="BeginWrite"/> come one at a time, from the store.</summary>
internal interface IObjectContents : IDisposable
{
    /// <returns>Every object that was kept from before.</returns>
    IReadOnlyList<StoredObject> Load();

    /// <returns>The buckets that were kept from before, also empty ones.</returns>
    IReadOnlyList<BucketResource> LoadBuckets();

    void CreateBucket(string bucket);

    /// <summary>Keeps what is known of a bucket; creates it.</summary>
    void KeepBucket(BucketResource bucket);

    void DeleteBucket(string bucket);

    /// <param name="bucket">A valid name.</param>
    ContentWriter BeginWrite(string bucket);

    /// <summary>Puts completed content and its metadata in place as one step; what was there before is gone.</summary>
    /// <param name="bytes">What <see cref="ContentWriter.CompleteAsync"/> returned.</param>
    /// <param name="replaced">The object of that name, if there is one.</param>
    /// <returns>The object as it is kept.</returns>
    StoredObject Commit(StoredObject item, ContentWriter content, byte[]? bytes, StoredObject? replaced);

    void UpdateMetadata(StoredObject item);

    void Delete(StoredObject item);

    /// <returns>The content, seekable, or null when it has vanished. Stays whole though the object is replaced.</returns>
    Stream? Open(StoredObject item);
}
