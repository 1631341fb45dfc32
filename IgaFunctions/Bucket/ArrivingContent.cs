namespace Iga.Bucket;

/// <summary>
/// Content that comes from the bucket: so many bytes, or an exception. However long it takes in all, it may not stand still.
/// </summary>
internal sealed class ArrivingContent(Stream content, long length, TimeProvider time) : Stream
{
    /// <summary>After so long without a byte it is given up.</summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="IOException">Nothing came for too long, or less than was asked for.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        using var silence = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            var wanted = buffer[..(int)Math.Min(buffer.Length, _left)];
            var read = await content.ReadAsync(wanted, either.Token);
            _left -= read;
            return read > 0 ? read : throw new EndOfStreamException($"The bucket's answer ended {_left} bytes early.");
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"Nothing came from the bucket for {LongestSilence.TotalSeconds:0} seconds.", exception);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
