using System.Text.Json;

namespace Iga.Emulators.Storage;

/// <summary>What is known of a bucket, as a file in its hidden folder. A bucket of which nothing was ever said has none.</summary>
internal static class BucketFile
{
    private const string Name = "bucket.json";

    /// <param name="folder">The bucket's.</param>
    public static BucketResource Read(string folder, string hidden)
    {
        var path = Path.Combine(folder, hidden, Name);
        return File.Exists(path)
            ? JsonSerializer.Deserialize<BucketResource>(File.ReadAllBytes(path))!
            : BucketResource.New(Path.GetFileName(folder), Directory.GetCreationTimeUtc(folder));
    }

    /// <summary>Writes all of it or nothing.</summary>
    public static void Write(string folder, string hidden, BucketResource bucket)
    {
        var path = Path.Combine(folder, hidden, Name);
        var temporary = path + ".new";
        using (var file = PrivateFiles.Open(temporary, FileMode.Create))
        {
            JsonSerializer.Serialize(file, bucket);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
