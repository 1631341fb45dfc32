namespace Iga.Staging;

/// <summary>
/// Files that have the blocks for a picture and are written only when the disk has no others. Those for usual pictures are kept, as many
/// as were in use at once in the last <see cref="Period"/>, and <see cref="SpareFiles.Most"/> at rest: to reserve blocks and to give them
/// back for each picture took a third of the staging's time (docs/0011).
/// </summary>
internal sealed class ReservedRooms : IDisposable
{
    /// <summary>How often rooms that were not needed are deleted.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private const string Ending = ".room";

    private readonly string _folder;
    private readonly Func<string> _newPath;
    private readonly ITimer _trimming;

    private readonly Lock _gate = new();
    private readonly Stack<string> _kept = [];

    /// <summary>How many rooms for usual pictures are in use.</summary>
    private int _lent;

    /// <summary>How many were at once, at most, since the last look.</summary>
    private int _mostLent;

    /// <param name="folder">Where they lie.</param>
    /// <param name="newPath">In the folder, for a new one.</param>
    public ReservedRooms(string folder, Func<string> newPath, TimeProvider time)
    {
        _folder = folder;
        _newPath = newPath;
        _trimming = time.CreateTimer(_ => Trim(), null, Period, Period);
    }

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
        _trimming.Dispose();
        DropKept(0);
    }

    private string Allocate(long bytes)
    {
        try
        {
            return AllocateNew(bytes);
        }
        catch (IOException) when (DropKept(0) > 0)
        {
            return AllocateNew(bytes); // in the room of those that nobody uses
        }
    }

    private string AllocateNew(long bytes)
    {
        var path = _newPath() + Ending;
        try
        {
            try
            {
                DiskFiles.Allocate(path, bytes);
            }
            catch (DirectoryNotFoundException)
            {
                PrivateFiles.CreateFolder(_folder); // somebody has removed it
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
            _mostLent = Math.Max(_mostLent, ++_lent);
            return _kept.TryPop(out var path) ? path : null;
        }
    }

    /// <param name="path">Null where the file is not there any more.</param>
    private void GiveBack(string? path)
    {
        lock (_gate)
        {
            _lent--;
            if (path is not null)
            {
                _kept.Push(path);
            }
        }
    }

    private void Trim()
    {
        int most;
        lock (_gate)
        {
            most = Math.Max(SpareFiles.Most, _mostLent);
            _mostLent = _lent;
        }

        try
        {
            DropKept(most);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is read-only or away: readiness says so, and a process that starts deletes what is left.
        }
    }

    /// <summary>Deletes those beyond so many, those in use counted.</summary>
    /// <returns>How many that were.</returns>
    private int DropKept(int most)
    {
        List<string> surplus = [];
        lock (_gate)
        {
            while (_kept.Count > 0 && _kept.Count + _lent > most)
            {
                surplus.Add(_kept.Pop());
            }
        }

        surplus.ForEach(DiskFiles.Delete);
        return surplus.Count;
    }

    private static void Delete(string? path)
    {
        if (path is not null)
        {
            DiskFiles.Delete(path);
        }
    }
}
