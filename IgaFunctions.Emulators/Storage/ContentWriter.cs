namespace Iga.Emulators.Storage;

/// <summary>Content on its way in. Nobody sees it until it is committed; disposing it uncommitted drops it.</summary>
/// <param name="stream">Where the bytes go; owned.</param>
/// <param name="stagedName">The temporary file's name; null in memory.</param>
internal sealed class ContentWriter(Stream stream, string? stagedName, Action drop) : IAsyncDisposable
{
    public Checksums Checksums { get; } = new();

    public long Length { get; private set; }

    public string? StagedName { get; } = stagedName;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken);
        Checksums.Append(bytes.Span);
        Length += bytes.Length;
    }

    /// <param name="limit">Where a fault stops it, in bytes; null reads to the end.</param>
    public async Task CopyFromAsync(Stream source, long? limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var left = limit ?? long.MaxValue;
        while (left > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                break;
            }

            await WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }
    }

    /// <summary>Ends the writing; the content is whole.</summary>
    /// <returns>The bytes, when they are in memory.</returns>
    public async Task<byte[]?> CompleteAsync()
    {
        var bytes = (stream as MemoryStream)?.ToArray();
        await stream.DisposeAsync();
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        Checksums.Dispose();
        drop();
    }
}
