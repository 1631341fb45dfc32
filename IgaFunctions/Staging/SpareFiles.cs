namespace Iga.Staging;

/// <summary>
/// Files of pictures that are in the bucket, kept so that the next pictures are written into them. Creating and deleting a file for
/// each picture took a quarter of the service's CPU under load (docs/0011).
/// </summary>
internal sealed class SpareFiles : IDisposable
{
    private readonly string _directory;
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly KeptFiles _spares;

    /// <summary>Says, as long as it is locked, that the files of this prefix are a live process's.</summary>
    private readonly FileStream _lock;

    public SpareFiles(string directory, TimeProvider time)
    {
        _directory = directory;
        _spares = new KeptFiles(time);
        FolderOwner.MakeOwn(directory);
        _lock = new FileStream(LockOf(_prefix), LockOptions(FileMode.CreateNew));
        DropLeftOvers();
    }

    /// <returns>A file to write a picture into, whatever is in it, which is the caller's from now on; null when there is none.</returns>
    public string? TryPop() => _spares.TryPop();

    /// <inheritdoc cref="KeptFiles.Drop()"/>
    public int Drop() => _spares.Drop();

    /// <summary>Takes a file away, if it is there, and keeps it.</summary>
    public void Take(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        var spare = NewPath();
        try
        {
            File.Move(path, spare, overwrite: true);
            new FileStream(spare, FileMode.Open, FileAccess.Write, FileShare.None).Dispose();
            _spares.Push(spare); // not before it is closed: the next picture's call would find it in use
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
        _spares.Dispose();
        _lock.Dispose();
        DiskFiles.Delete(_lock.Name);
    }

    /// <returns>A path of this process's own; what lies there is deleted after a crash.</returns>
    public string NewPath() => Path.Combine(_directory, $"{_prefix}.{Guid.NewGuid():N}");

    private string LockOf(string prefix) => Path.Combine(_directory, $"{prefix}.lock");

    /// <summary>Deletes what crashed processes left. What a live one has reserved stays: a model may be at work on the picture for it.</summary>
    private void DropLeftOvers()
    {
        foreach (var files in new DirectoryInfo(_directory).EnumerateFiles().GroupBy(file => file.Name.Split('.')[0]).ToList())
        {
            if (!IsLive(files.Key))
            {
                foreach (var file in files)
                {
                    DiskFiles.Delete(file.FullName);
                }
            }
        }
    }

    private bool IsLive(string prefix)
    {
        try
        {
            new FileStream(LockOf(prefix), LockOptions(FileMode.Open)).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStreamOptions LockOptions(FileMode mode)
    {
        var options = PrivateFiles.Options(mode);
        options.Share = FileShare.None;
        return options;
    }
}
