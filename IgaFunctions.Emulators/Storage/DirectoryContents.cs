using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Iga.Emulators.Storage;

/// <summary>
/// Keeps objects as plain files: <c>directory/bucket/object name</c>. Beside them, in the bucket's folder <c>.gcs</c>, lie the
/// metadata (a file an object) and what is on its way in. A name that no file can have lies there too.
/// </summary>
/// <remarks>
/// The metadata's rename is the commit: it names the staged file that is to become the content. A process that dies between
/// that and the content's own rename is made good by <see cref="Load"/>, so an object is old, new or absent, never mixed.
/// </remarks>
internal sealed class DirectoryContents : IObjectContents
{
    private const string Hidden = ".gcs";

    private readonly string _directory;
    private readonly FileStream _lock;

    /// <exception cref="IOException">The directory can't be written, or another emulator has it.</exception>
    public DirectoryContents(string directory)
    {
        _directory = Path.GetFullPath(directory);
        PrivateFiles.CreateFolder(_directory);
        try
        {
            _lock = PrivateFiles.Open(Path.Combine(_directory, ".gcs-lock"), FileMode.OpenOrCreate);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"the directory {_directory} is in use by another emulator, or can't be written: {exception.Message}", exception);
        }
    }

    public IReadOnlyList<BucketResource> LoadBuckets() =>
    [
        .. Directory.EnumerateDirectories(_directory)
            .Where(d => Directory.Exists(Path.Combine(d, Hidden)))
            .Select(d => BucketFile.Read(d, Hidden)),
    ];

    public IReadOnlyList<StoredObject> Load()
    {
        var objects = new List<StoredObject>();
        foreach (var bucket in LoadBuckets().Select(b => b.Name))
        {
            CreateBucket(bucket);
            foreach (var file in Directory.EnumerateFiles(Meta(bucket), "*.json"))
            {
                var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(file))!;
                if (kept.Staged is { } staged && File.Exists(Path.Combine(Staging(bucket), staged)))
                {
                    MoveIntoPlace(kept.Object, staged);
                }

                // A file that someone deleted by hand is an object that was deleted.
                if (File.Exists(ContentPath(kept.Object)))
                {
                    objects.Add(kept.Object);
                }
                else
                {
                    File.Delete(file);
                }
            }

            foreach (var leftOver in Directory.EnumerateFiles(Staging(bucket)))
            {
                File.Delete(leftOver);
            }
        }

        return objects;
    }

    public void CreateBucket(string bucket)
    {
        PrivateFiles.CreateFolder(Meta(bucket));
        PrivateFiles.CreateFolder(Staging(bucket));
    }

    public void KeepBucket(BucketResource bucket)
    {
        CreateBucket(bucket.Name);
        BucketFile.Write(Path.Combine(_directory, bucket.Name), Hidden, bucket);
    }

    public void DeleteBucket(string bucket)
    {
        if (Path.Combine(_directory, bucket) is var folder && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public ContentWriter BeginWrite(string bucket)
    {
        CreateBucket(bucket);
        var name = Guid.NewGuid().ToString("N");
        var path = Path.Combine(Staging(bucket), name);
        return new ContentWriter(PrivateFiles.Open(path, FileMode.CreateNew), name, () => File.Delete(path));
    }

    public StoredObject Commit(StoredObject item, ContentWriter content, byte[]? bytes, StoredObject? replaced)
    {
        item = item with { File = replaced?.File ?? ChooseFile(item) };
        Write(item, content.StagedName);
        MoveIntoPlace(item, content.StagedName!);
        return item;
    }

    public void UpdateMetadata(StoredObject item) => Write(item, staged: null);

    public void Delete(StoredObject item)
    {
        File.Delete(MetaPath(item));
        var path = ContentPath(item);
        if (!File.Exists(path))
        {
            return;
        }

        File.Delete(path);
        var bucket = Path.Combine(_directory, item.Bucket);
        for (var folder = Path.GetDirectoryName(path)!;
             folder.Length > bucket.Length && !Directory.EnumerateFileSystemEntries(folder).Any();
             folder = Path.GetDirectoryName(folder)!)
        {
            Directory.Delete(folder);
        }
    }

    public Stream? Open(StoredObject item)
    {
        try
        {
            return new FileStream(ContentPath(item), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Dispose() => _lock.Dispose();

    // The object's own name where a file can have it: no segment that the file system reads as something else, and no
    // object whose name is a folder of this one, or the other way round.
    private string ChooseFile(StoredObject item)
    {
        var segments = item.Name.Split('/');
        var plain = segments[0] != Hidden && segments.All(s => s is not ("" or "." or "..")
            && !s.Any(c => c == '\\' || char.IsControl(c)) && Encoding.UTF8.GetByteCount(s) <= 255);
        var bucket = Path.Combine(_directory, item.Bucket);
        var path = plain ? Path.Combine([bucket, .. segments]) : "";
        if (plain && !Directory.Exists(path))
        {
            var folder = Path.GetDirectoryName(path)!;
            while (folder.Length > bucket.Length && !File.Exists(folder))
            {
                folder = Path.GetDirectoryName(folder)!;
            }

            if (folder.Length == bucket.Length)
            {
                return item.Name;
            }
        }

        return $"{Hidden}/content/{Hash(item.Name)}";
    }

    private void MoveIntoPlace(StoredObject item, string staged)
    {
        var path = ContentPath(item);
        PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
        File.Move(Path.Combine(Staging(item.Bucket), staged), path, overwrite: true);
    }

    private void Write(StoredObject item, string? staged)
    {
        var temporary = Path.Combine(Staging(item.Bucket), Guid.NewGuid().ToString("N"));
        using (var file = PrivateFiles.Open(temporary, FileMode.CreateNew))
        {
            JsonSerializer.Serialize(file, new Kept(item, staged));
        }

        File.Move(temporary, MetaPath(item), overwrite: true);
    }

    private string Meta(string bucket) => Path.Combine(_directory, bucket, Hidden, "meta");

    private string Staging(string bucket) => Path.Combine(_directory, bucket, Hidden, "staging");

    private string MetaPath(StoredObject item) => Path.Combine(Meta(item.Bucket), Hash(item.Name) + ".json");

    private string ContentPath(StoredObject item) => Path.Combine(_directory, item.Bucket, item.File!);

    private static string Hash(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    /// <param name="Staged">The file that becomes the content, until it has.</param>
    private sealed record Kept(StoredObject Object, string? Staged);
}
