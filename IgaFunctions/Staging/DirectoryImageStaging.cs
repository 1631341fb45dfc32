using System.Runtime.CompilerServices;
using Iga.Images;

namespace Iga.Staging;

/// <summary>
/// Stages in a directory: one file a picture, named by the task id, written under another name and renamed when it is
/// whole and on the disk. Processes on one machine may share the directory.
/// </summary>
internal sealed class DirectoryImageStaging : IImageStaging, IDisposable
{
    private readonly string _directory;

    /// <summary>A folder of its own, so that dropping a picture does not walk through all that are staged.</summary>
    private readonly string _partials;

    private readonly SpareFiles _spares;

    public DirectoryImageStaging(StagingOptions options)
    {
        _directory = Path.GetFullPath(options.Directory);
        _partials = Path.Combine(_directory, "partial");
        Directory.CreateDirectory(_partials);
        _spares = new SpareFiles(Path.Combine(_directory, "spare"));
    }

    public async Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        await using var file = Open(taskId);
        if (file is null)
        {
            return null;
        }

        var header = new byte[ImageFormat.HeaderLength];
        var (crc, size) = await Crc32C.OfAsync(file, header, cancellationToken);
        return ImageFormat.Detect(header) is { } format ? new(size, format.ContentType, format.Extension, crc) : null;
    }

    public async Task<StagedImage> StageAsync(
        Guid taskId, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        if (await FindAsync(taskId, cancellationToken) is { } earlier)
        {
            return earlier;
        }

        var partial = Path.Combine(_partials, $"{taskId}.{Guid.NewGuid():N}");
        try
        {
            _spares.TryMoveTo(partial);
            await WriteAsync(partial, image, cancellationToken);
            if (!TryPutInPlace(partial, taskId))
            {
                if (await FindAsync(taskId, cancellationToken) is { } faster)
                {
                    return faster;
                }

                // What is there is damaged, or was dropped a moment ago.
                File.Move(partial, PathOf(taskId), overwrite: true);
            }

            return description;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    public Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Open(taskId));

    public Task DropAsync(Guid taskId, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(taskId));
        DropPartials(taskId);
        return Task.CompletedTask;
    }

    public Task ReleaseAsync(Guid taskId, CancellationToken cancellationToken)
    {
        _spares.Take(PathOf(taskId));
        DropPartials(taskId);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StagingEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // there is no asynchronous way to list a directory
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The task id is all of a whole picture's name and the first part of a partial one's.
            if (Guid.TryParseExact(file.Name.Split('.')[0], "D", out var taskId))
            {
                yield return new(taskId, new(file.LastWriteTimeUtc, TimeSpan.Zero));
            }
        }
    }

    public void Dispose() => _spares.Dispose();

    private void DropPartials(Guid taskId)
    {
        foreach (var partial in Directory.EnumerateFiles(_partials, $"{taskId}.*"))
        {
            File.Delete(partial);
        }
    }

    /// <summary>Writes into the file that is there, or a new one.</summary>
    private static async Task WriteAsync(string path, ReadOnlyMemory<byte> image, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        if (file.Length > image.Length)
        {
            file.SetLength(image.Length);
        }

        await file.WriteAsync(image, cancellationToken);

        // Else a power cut could leave a file with the right name and no content.
        DiskFiles.Sync(file);
    }

    /// <returns>False when a file is there already. One of two writers succeeds.</returns>
    private bool TryPutInPlace(string partial, Guid taskId)
    {
        var path = PathOf(taskId);

        // On Unix File.Move looks first and renames then, so that two writers can both succeed; a link is atomic.
        if (!OperatingSystem.IsWindows())
        {
            if (DiskFiles.TryLink(partial, path))
            {
                return true;
            }

            if (File.Exists(path))
            {
                return false;
            }
        }

        // Also where the file system knows no links.
        try
        {
            File.Move(partial, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private FileStream? Open(Guid taskId)
    {
        // Most often there is none, and to find that out by an exception is slow.
        if (!File.Exists(PathOf(taskId)))
        {
            return null;
        }

        try
        {
            return new(PathOf(taskId), new FileStreamOptions
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

    private string PathOf(Guid taskId) => Path.Combine(_directory, taskId.ToString());
}
