namespace Iga.Staging;

/// <summary>
/// Files that have the blocks for a picture and are written only when the disk has no others. Those for usual pictures are kept: to
/// reserve blocks and to give them back for each picture took a third of the staging's time (docs/0011).
/// </summary>
/// <param name="folder">Where they lie.</param>
/// <param name="spares">Have paths for new files in that folder, and make way when there is no room.</param>
internal sealed class ReservedRooms(string folder, SpareFiles spares, TimeProvider time) : IDisposable
{
    private const string Ending = ".room";

    private readonly KeptFiles _kept = new(time);

    /// <summary>A file that has the blocks for a picture of so many bytes.</summary>
    /// <exception cref="IOException">There is no room.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written.</exception>
    public StagingRoom Reserve(long bytes)
    {
        if (bytes != PictureRoom.Usual)
        {
            return new StagingRoom(Allocate(bytes), DiskFiles.Delete);
        }

        var path = _kept.TryPop();
        return new StagingRoom(path is not null && DiskFiles.IsWritable(path) ? path : Allocate(bytes), _kept.Push);
    }

    public void Dispose() => _kept.Dispose();

    private string Allocate(long bytes)
    {
        try
        {
            return AllocateNew(bytes);
        }
        catch (IOException) when (_kept.Drop() + spares.Drop() > 0)
        {
            return AllocateNew(bytes); // in the room of those that nobody uses
        }
    }

    private string AllocateNew(long bytes)
    {
        var path = spares.NewPath() + Ending;
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
}
