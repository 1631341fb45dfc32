namespace Iga.Staging;

/// <summary>
/// Files that have the blocks for a picture and are written only when the disk has no others. Those for usual pictures are kept, as many
/// as are in use, and <see cref="SpareFiles.Most"/> at rest: to reserve blocks and to give them back for each picture took a third of
/// the staging's time (docs/0011).
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="newPath">In the folder, for a new one.</param>
internal sealed class ReservedRooms(string folder, Func<string> newPath) : IDisposable
{
    private const string Ending = ".room";

    private readonly Lock _gate = new();
    private readonly Stack<string> _kept = [];

    /// <summary>How many rooms for usual pictures are in use.</summary>
    private int _lent;

    /// <summary>A file that has the blocks for a picture of so many bytes.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public StagingRoom Reserve(long bytes)
    {
        if (bytes != PictureRoom.Usual)
        {
            return new StagingRoom(Allocate(bytes), Delete);
        }

        var path = Lend();
        if (path is null || !DiskFiles.IsWritable(path))
        {
            try
            {
                path = Allocate(bytes);
            }
            catch
            {
                GiveBack(null);
                throw;
            }
        }

        return new StagingRoom(path, GiveBack);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_kept.TryPop(out var path))
            {
                DiskFiles.Delete(path);
            }
        }
    }

    private string Allocate(long bytes)
    {
        var path = newPath() + Ending;
        try
        {
            try
            {
                DiskFiles.Allocate(path, bytes);
            }
            catch (DirectoryNotFoundException)
            {
                PrivateFiles.CreateFolder(folder); // somebody has removed it
                DiskFiles.Allocate(path, bytes);
            }
        }
        catch
        {
            DiskFiles.Delete(path);
            throw;
        }

        return path;
    }

    private string? Lend()
    {
        lock (_gate)
        {
            _lent++;
            return _kept.TryPop(out var path) ? path : null;
        }
    }

    /// <param name="path">Null where the file is not there any more.</param>
    private void GiveBack(string? path)
    {
        List<string>? surplus = null;
        lock (_gate)
        {
            _lent--;
            if (path is not null)
            {
                _kept.Push(path);
            }

            while (_kept.Count > Math.Max(SpareFiles.Most, _lent))
            {
                (surplus ??= []).Add(_kept.Pop());
            }
        }

        surplus?.ForEach(Delete);
    }

    private static void Delete(string? path)
    {
        if (path is not null)
        {
            DiskFiles.Delete(path);
        }
    }
}
