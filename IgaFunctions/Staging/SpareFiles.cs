using System.Collections.Concurrent;

namespace Iga.Staging;

/// <summary>
/// Files of pictures that are in the bucket, kept so that the next pictures are written into them. Creating and deleting a file for
/// each picture took a quarter of the service's CPU under load (docs/0011). Beside them lie files that have the blocks for a picture and
/// are written only when the disk has no others: to reserve blocks and to give them back for each picture took a third of the staging's
/// time.
/// </summary>
internal sealed class SpareFiles : IDisposable
{
    internal const int Most = 16;

    private const string RoomEnding = ".room";

    private readonly string _directory;
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private readonly ConcurrentStack<string> _spares = [];
    private readonly ConcurrentStack<string> _rooms = [];

    /// <summary>Says, as long as it is locked, that the files of this prefix are a live process's.</summary>
    private readonly FileStream _lock;

    public SpareFiles(string directory)
    {
        _directory = directory;
        FolderOwner.MakeOwn(directory);
        _lock = new FileStream(LockOf(_prefix), LockOptions(FileMode.CreateNew));
        DropLeftOvers();
    }

    /// <summary>A file that has the blocks for a picture of so many bytes.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public StagingRoom Reserve(long bytes)
    {
        var isUsual = bytes == PictureRoom.Usual;
        var path = isUsual && _rooms.TryPop(out var room) ? room : NewPath() + RoomEnding;
        try
        {
            try
            {
                DiskFiles.Allocate(path, bytes);
            }
            catch (DirectoryNotFoundException)
            {
                PrivateFiles.CreateFolder(_directory); // somebody has removed it
                DiskFiles.Allocate(path, bytes);
            }
        }
        catch
        {
            DiskFiles.Delete(path);
            throw;
        }

        return new StagingRoom(path, isUsual ? GiveBack : DiskFiles.Delete);
    }

    /// <returns>A file to write a picture into, whatever is in it, which is the caller's from now on; null when there is none.</returns>
    public string? TryPop() => _spares.TryPop(out var spare) ? spare : null;

    private void GiveBack(string path)
    {
        if (_rooms.Count < Most)
        {
            _rooms.Push(path);
        }
        else
        {
            DiskFiles.Delete(path);
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
        while (_spares.TryPop(out var file) || _rooms.TryPop(out file))
        {
            DiskFiles.Delete(file);
        }

        _lock.Dispose();
        DiskFiles.Delete(_lock.Name);
    }

    private string NewPath() => Path.Combine(_directory, $"{_prefix}.{Guid.NewGuid():N}");

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
