namespace Iga.Emulators.Faults;

/// <summary>An answer's body in which something happens after so many bytes, once, when those bytes have left.</summary>
/// <param name="after">Asked at the first write, when the answer's length is known.</param>
internal sealed class SpoiledBody(Stream inner, Func<long> after, Func<Task> strike) : Stream
{
    private long? _left;
    private bool _struck;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_struck)
        {
            _left ??= after();
            var part = (int)Math.Min(_left.Value, buffer.Length);
            await inner.WriteAsync(buffer[..part], cancellationToken);
            _left -= part;
            buffer = buffer[part..];
            if (_left > 0 || buffer.IsEmpty)
            {
                return;
            }

            _struck = true;
            await inner.FlushAsync(cancellationToken);
            await strike();
        }

        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
