using System.Collections.Concurrent;

namespace Iga.Staging;

/// <summary>
/// Files of pictures that are in the bucket, kept so that the next pictures are written into them. Creating and deleting a file for
/// each picture took a quarter of the service's CPU under load (docs/0011).
/// </summary>
internal sealed class SpareFiles : IDisposable
{
    internal const int Most = 16;

    private readonly string _directory;
    private readonly ConcurrentStack<string> _spares = [];

    public SpareFiles(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);

        // What a crash left. A live process that shares the directory loses its spare files as well, which does no harm.
        foreach (var file in Directory.EnumerateFiles(directory))
        {
            DiskFiles.Delete(file);
        }
    }

    /// <summary>Moves a spare file, whatever is in it, to a path, if there is one.</summary>
    public void TryMoveTo(string path)
    {
        while (_spares.TryPop(out var spare))
        {
            try
            {
                File.Move(spare, path, overwrite: true);
                return;
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                // Another process has cleared the directory.
            }
        }
    }

    /// <summary>Takes a file away, if it is there: keeps it, or deletes it when there are enough.</summary>
    public void Take(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (_spares.Count >= Most)
        {
            DiskFiles.Delete(path);
            return;
        }

        var spare = Path.Combine(_directory, Guid.NewGuid().ToString("N"));
        try
        {
            File.Move(path, spare, overwrite: true);
            using (new FileStream(spare, FileMode.Open, FileAccess.Write, FileShare.None))
            {
                _spares.Push(spare);
            }
        }
        catch (FileNotFoundException)
        {
            // Another process was faster.
        }
        catch (DirectoryNotFoundException)
        {
            DiskFiles.Delete(path); // somebody has removed the directory
        }
        catch (IOException)
        {
            // Somebody still reads it, and must not find another picture in it.
            DiskFiles.Delete(spare);
        }
    }

    public void Dispose()
    {
        while (_spares.TryPop(out var spare))
        {
            DiskFiles.Delete(spare);
        }
    }
}
