using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// A resumable upload. Of a chunk that breaks off it keeps whole multiples of 256 KiB, as GCS does; one request at a time.
/// </summary>
/// <param name="size">The object's size in bytes, where the request that started the upload told it.</param>
internal sealed class UploadSession(
    string id, ObjectDraft draft, Preconditions preconditions, ContentWriter content, long? size)
    : IAsyncDisposable
{
    private const int Quantum = 256 * 1024;

    private readonly byte[] _partial = new byte[Quantum];
    private int _partialLength;

    public string Id { get; } = id;

    public ObjectDraft Draft { get; private set; } = draft;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The object's size in bytes; null until a request tells it.</summary>
    public long? Size { get; private set; } = size;

    /// <summary>Bytes that are safe: the next chunk begins here.</summary>
    public long Persisted => content.Length;

    /// <summary>The object, when the upload is over.</summary>
    public StoredObject? Done { get; private set; }

    /// <summary>Why the upload can't be finished: its checksum or its precondition failed.</summary>
    public ApiException? Failure { get; private set; }

    /// <summary>Takes in one chunk.</summary>
    /// <param name="limit">Where a fault stops it, in bytes of this body; null reads to the end.</param>
    /// <returns>True when all of the object is there.</returns>
    /// <exception cref="ApiException">400: the chunk doesn't follow what is there.</exception>
    public async Task<bool> ReceiveAsync(Stream body, ContentRange? range, long? limit, CancellationToken cancellationToken)
    {
        var from = range?.From ?? 0;
        NoteSize(range?.Total);
        if (from > Persisted)
        {
            throw new ApiException(
                400, "invalid", $"Invalid request. The chunk starts at {from}, but {Persisted} bytes are there.");
        }

        try
        {
            var (repeated, received) = (Persisted - from, 0L);
            var buffer = new byte[64 * 1024];
            while (received < (limit ?? long.MaxValue))
            {
                var want = (int)Math.Min(buffer.Length, (limit ?? long.MaxValue) - received);
                var read = await body.ReadAsync(buffer.AsMemory(0, want), cancellationToken);
                if (read == 0)
                {
                    break;
                }

                var known = (int)Math.Clamp(repeated - received, 0, read);
                received += read;
                if (from + received > Size)
                {
                    throw Fail($"Invalid request. There are more bytes than the {Size} that were announced.");
                }

                await AppendAsync(buffer.AsMemory(known, read - known), cancellationToken);
            }

            if (limit is not null)
            {
                return false;
            }

            if (range?.To is { } to && received != to - from + 1)
            {
                throw new ApiException(400, "invalid",
                    $"Invalid request. There were {received} byte(s) in the request body. "
                    + $"There should have been {to - from + 1}.");
            }

            var whole = range is null or { IsLast: true } || from + received >= range.Total;
            if (whole && from + received < Size)
            {
                throw Fail($"Invalid request. There are {from + received} bytes, and {Size} were announced.");
            }

            if (whole)
            {
                await FlushAsync(cancellationToken);
            }

            return whole;
        }
        finally
        {
            _partialLength = 0;
        }
    }

    /// <param name="total">What a request says that the object's size is; null is nothing.</param>
    /// <exception cref="ApiException">400: an earlier request said something else, or more is there already.</exception>
    public void NoteSize(long? total)
    {
        if (total is { } now && ((Size is { } before && before != now) || now < Persisted))
        {
            throw new ApiException(
                400, "invalid", $"Invalid request. The size is {now} now; it was {Size ?? Persisted} in an earlier request.");
        }

        Size ??= total;
    }

    /// <summary>Makes the object. However this ends, the upload is over.</summary>
    /// <param name="last">The request with the last chunk: it may bring the checksum.</param>
    public async Task<StoredObject> FinishAsync(ObjectStore store, HttpRequest last)
    {
        Draft = Draft.WithHashHeader(last);
        try
        {
            return Done = await store.InsertAsync(Draft, content, preconditions);
        }
        catch (ApiException exception)
        {
            Failure = exception;
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        Gate.Dispose();
    }

    private ApiException Fail(string message) => Failure = new ApiException(400, "invalid", message);

    private async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            var part = Math.Min(Quantum - _partialLength, bytes.Length);
            bytes[..part].CopyTo(_partial.AsMemory(_partialLength));
            _partialLength += part;
            bytes = bytes[part..];
            if (_partialLength == Quantum)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await content.WriteAsync(_partial.AsMemory(0, _partialLength), cancellationToken);
        _partialLength = 0;
    }
}
