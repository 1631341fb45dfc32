namespace Iga.Staging;

/// <summary>The folder that the pictures of one database's tasks wait in: one file a picture, named by the task id.</summary>
internal sealed class StagingFolder : IDisposable
{
    private const string PartialName = "partial";

    private const string SpareName = "spare";

    private readonly string _path;

    /// <summary>A folder of its own, so that dropping a picture does not walk through all that are staged.</summary>
    private readonly string _partials;

    private readonly SpareFiles _spares;
    private readonly ReservedRooms _rooms;

    public StagingFolder(string path, TimeProvider time)
    {
        _path = path;
        _partials = Path.Combine(path, PartialName);
        FolderOwner.MakeOwn(path);
        FolderOwner.MakeOwn(_partials);
        var spares = Path.Combine(path, SpareName);
        _spares = new SpareFiles(spares, time);
        _rooms = new ReservedRooms(spares, _spares, time);
    }

    /// <summary>Of a whole picture.</summary>
    public string PathOf(Guid taskId) => Path.Combine(_path, taskId.ToString());

    /// <inheritdoc cref="ReservedRooms.Reserve"/>
    public StagingRoom Reserve(long bytes) => _rooms.Reserve(bytes);

    /// <summary>Writes the picture under another name and renames it when it is whole and on the disk.</summary>
    /// <param name="isThereAsync">Whether a whole picture is in place.</param>
    /// <returns>False if one was there first.</returns>
    public async Task<bool> TryWriteAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, Func<Task<bool>> isThereAsync, CancellationToken cancellationToken)
    {
        var partial = Path.Combine(_partials, $"{taskId}.{Guid.NewGuid():N}");
        PrivateFiles.CreateFolder(_partials); // somebody may have cleared the disk: the picture is paid for
        try
        {
            Move(_spares.TryPop(), partial);
            try
            {
                await WriteAsync(partial, image, cancellationToken);
            }
            catch (IOException) when (room.TakeFile() is { } reserved)
            {
                // The disk has no room but that which was reserved.
                DiskFiles.Delete(partial);
                Move(reserved, partial);
                await WriteAsync(partial, image, cancellationToken);
            }

            if (!DiskFiles.TryPutInPlace(partial, PathOf(taskId)))
            {
                if (await isThereAsync())
                {
                    return false;
                }

                // What is there is damaged, or was dropped a moment ago.
                File.Move(partial, PathOf(taskId), overwrite: true);
            }

            return true;
        }
        finally
        {
            DiskFiles.Delete(partial);
        }
    }

    public void Drop(Guid taskId)
    {
        DiskFiles.Delete(PathOf(taskId));
        DropPartials(_path, taskId);
    }

    /// <summary>As <see cref="Drop"/>, but the file may be kept for another picture.</summary>
    public void Release(Guid taskId)
    {
        _spares.Take(PathOf(taskId));
        DropPartials(_path, taskId);
    }

    /// <summary>Whole pictures, and what was left of writes that were cut off.</summary>
    public IEnumerable<(Guid TaskId, DateTimeOffset StagedAt)> List() => List(_path);

    /// <inheritdoc cref="List()"/>
    /// <param name="path">Of such a folder, which need not be there.</param>
    public static IEnumerable<(Guid TaskId, DateTimeOffset StagedAt)> List(string path)
    {
        foreach (var folder in new[] { path, Path.Combine(path, PartialName) }.Where(Directory.Exists))
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
            {
                // The task id is all of a whole picture's name and the first part of a partial one's.
                if (Guid.TryParseExact(file.Name.Split('.')[0], "D", out var taskId))
                {
                    yield return (taskId, new(file.LastWriteTimeUtc, TimeSpan.Zero));
                }
            }
        }
    }

    /// <param name="path">Of such a folder, which need not be there.</param>
    public static void DropPartials(string path, Guid taskId)
    {
        var partials = Path.Combine(path, PartialName);
        if (!Directory.Exists(partials))
        {
            return;
        }

        foreach (var partial in Directory.EnumerateFiles(partials, $"{taskId}.*"))
        {
            DiskFiles.Delete(partial);
        }
    }

    /// <summary>Deletes the spare files of such a folder. A live process that uses it loses its own, which does no harm.</summary>
    /// <param name="path">Of the folder, which need not be there.</param>
    public static void DropSpares(string path)
    {
        var spares = Path.Combine(path, SpareName);
        if (Directory.Exists(spares))
        {
            foreach (var file in Directory.EnumerateFiles(spares))
            {
                DiskFiles.Delete(file);
            }
        }
    }

    public void Dispose()
    {
        _rooms.Dispose();
        _spares.Dispose();
    }

    /// <summary>Gives a file that may be written another name, if there is one.</summary>
    private static void Move(string? file, string path)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            File.Move(file, path, overwrite: true);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Somebody has cleared the disk.
        }
    }

    /// <summary>Writes into the file that is there, or a new one.</summary>
    private static Task WriteAsync(string path, ReadOnlyMemory<byte> image, CancellationToken cancellationToken) =>
        DiskThreads.Shared.RunAsync(
            () =>
            {
                using var file = new FileStream(path, PrivateFiles.Options(FileMode.OpenOrCreate));
                if (file.Length > image.Length)
                {
                    file.SetLength(image.Length);
                }

                file.Write(image.Span);

                // Else a power cut could leave a file with the right name and no content.
                DiskFiles.Sync(file);
            },
            cancellationToken);
}
