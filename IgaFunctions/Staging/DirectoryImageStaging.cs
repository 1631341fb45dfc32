using System.Runtime.CompilerServices;
using Iga.Images;
using Iga.Postgres;

namespace Iga.Staging;

/// <summary>
/// Stages in a directory, which systems on one machine may share: each database has a folder of its own in it, named by the
/// database's id. Processes of one system may share that folder.
/// </summary>
/// <remarks>
/// Version 1.0 staged in the directory itself, whatever database it worked on. What it left there is still found by the task's id,
/// so that nothing is paid for twice after an upgrade; but of what is found there nobody knows whose it is.
/// </remarks>
internal sealed class DirectoryImageStaging : IImageStaging, IDisposable
{
    private readonly DatabaseIdentity _database;
    private readonly TimeProvider _time;

    /// <summary>Where version 1.0 staged.</summary>
    private readonly string _shared;

    private readonly Lock _gate = new();
    private volatile StagingFolder? _own;

    public DirectoryImageStaging(StagingOptions options, DatabaseIdentity database, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _database = database;
        _shared = Path.GetFullPath(options.Directory);
        FolderOwner.MakeOwn(_shared);
        StagingFolder.DropSpares(_shared);
    }

    public async Task<StagingRoom> ReserveAsync(string? size, CancellationToken cancellationToken)
    {
        try
        {
            return (await OwnAsync(cancellationToken)).Reserve(PictureRoom.BytesFor(size));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StagingFault.Of(exception);
        }
    }

    public async Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            var own = await OwnAsync(cancellationToken);
            return await DescribeAsync(own.PathOf(taskId), cancellationToken) ?? await DescribeAsync(SharedPathOf(taskId), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw StagingFault.Of(exception);
        }
    }

    public async Task<StagedImage> StageAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        if (await FindAsync(taskId, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var own = await OwnAsync(cancellationToken);
        StagedImage? faster = null;
        return await own.TryWriteAsync(taskId, room, image, IsThereAsync, cancellationToken) ? description : faster!;

        async Task<bool> IsThereAsync() =>
            (faster = await DescribeAsync(own.PathOf(taskId), cancellationToken)) is not null;
    }

    public async Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken)
    {
        var own = await OwnAsync(cancellationToken);
        return Open(own.PathOf(taskId)) ?? Open(SharedPathOf(taskId));
    }

    public async Task DropAsync(Guid taskId, CancellationToken cancellationToken)
    {
        (await OwnAsync(cancellationToken)).Drop(taskId);
        DropShared(taskId);
    }

    public async Task ReleaseAsync(Guid taskId, CancellationToken cancellationToken)
    {
        (await OwnAsync(cancellationToken)).Release(taskId);
        DropShared(taskId);
    }

    public async IAsyncEnumerable<StagingEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var own = await OwnAsync(cancellationToken);
        var entries = own.List().Select(entry => new StagingEntry(entry.TaskId, entry.StagedAt))
            .Concat(StagingFolder.List(_shared).Select(entry => new StagingEntry(entry.TaskId, entry.StagedAt, MayBeForeign: true)));
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    public void Dispose() => _own?.Dispose();

    private async ValueTask<StagingFolder> OwnAsync(CancellationToken cancellationToken)
    {
        if (_own is { } known)
        {
            return known;
        }

        var id = await _database.GetAsync(cancellationToken);
        lock (_gate)
        {
            return _own ??= new StagingFolder(Path.Combine(_shared, id.ToString("N")), _time);
        }
    }

    private void DropShared(Guid taskId)
    {
        DiskFiles.Delete(SharedPathOf(taskId));
        StagingFolder.DropPartials(_shared, taskId);
    }

    private static async Task<StagedImage?> DescribeAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = Open(path);
        if (file is null)
        {
            return null;
        }

        var header = new byte[ImageFormat.HeaderLength];
        var (crc, size) = await Crc32C.OfAsync(file, header, cancellationToken);
        return ImageFormat.Detect(header) is { } format ? new(size, format.ContentType, format.Extension, crc) : null;
    }

    private static FileStream? Open(string path)
    {
        // Most often there is none, and to find that out by an exception is slow.
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            return new(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            });
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string SharedPathOf(Guid taskId) => Path.Combine(_shared, taskId.ToString());
}
