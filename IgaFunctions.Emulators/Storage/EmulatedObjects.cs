using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>The emulator's objects, past HTTP and its faults: what a test looks at, and what it puts there first.</summary>
public sealed class EmulatedObjects
{
    private readonly ObjectStore _store;

    internal EmulatedObjects(ObjectStore store) => _store = store;

    /// <returns>The bucket's objects in the order of their names; none when there is no such bucket.</returns>
    public IReadOnlyList<StoredObject> List(string bucket, string prefix = "")
    {
        try
        {
            return _store.List(bucket, prefix);
        }
        catch (ApiException)
        {
            return [];
        }
    }

    /// <returns>Null when there is no such object.</returns>
    public StoredObject? Find(string bucket, string name) => _store.Find(bucket, name);

    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    public async Task<byte[]> ReadAsync(string bucket, string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var content = _store.Open(bucket, name, generation: null, Preconditions.None).Content;
            var bytes = new byte[content.Length];
            await content.ReadExactlyAsync(bytes, cancellationToken);
            return bytes;
        }
        catch (ApiException exception)
        {
            throw new FileNotFoundException(exception.Message, exception);
        }
    }

    /// <summary>Writes an object, whatever was there before.</summary>
    /// <exception cref="ArgumentException">The bucket doesn't exist, or the name can't.</exception>
    public async Task<StoredObject> PutAsync(
        string bucket, string name, ReadOnlyMemory<byte> content, string contentType = "application/octet-stream",
        IReadOnlyDictionary<string, string>? metadata = null, CancellationToken cancellationToken = default)
    {
        try
        {
            ResourceNames.CheckObject(name);
            await using var writer = _store.BeginWrite(bucket);
            await writer.WriteAsync(content, cancellationToken);
            var resource = JsonSerializer.SerializeToElement(new { metadata = metadata ?? new Dictionary<string, string>() });
            return await _store.InsertAsync(
                new ObjectDraft(bucket, name, resource, contentType, Crc32C: null, Md5Hash: null), writer, Preconditions.None);
        }
        catch (ApiException exception)
        {
            throw new ArgumentException(exception.Message, exception);
        }
    }

    /// <returns>False when there was no such object.</returns>
    public bool Delete(string bucket, string name)
    {
        try
        {
            _store.Delete(bucket, name, generation: null, Preconditions.None);
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }

    internal void Clear()
    {
        foreach (var item in _store.ListBuckets().SelectMany(b => _store.List(b.Name)))
        {
            Delete(item.Bucket, item.Name);
        }
    }
}
