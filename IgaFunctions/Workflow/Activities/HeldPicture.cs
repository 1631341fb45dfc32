using Iga.Bucket;
using Iga.Models;

namespace Iga.Workflow.Activities;

/// <summary>
/// A picture in a buffer that another picture gets next. An upload that was given up may go on reading for a moment: from then on it
/// finds nothing.
/// </summary>
internal sealed class HeldPicture(GeneratedImage image) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _isGone;

    public Stream Open() => new Content(this, image.Bytes.Length);

    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            image.Dispose();
        }
    }

    private int Read(long position, Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            var rest = image.Bytes.Span[(int)position..];
            var read = Math.Min(rest.Length, buffer.Length);
            rest[..read].CopyTo(buffer);
            return read;
        }
    }

    private sealed class Content(HeldPicture picture, int length) : ReadOnlyStream
    {
        public override bool CanSeek => true;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = Position < length ? picture.Read(Position, buffer) : 0;
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new(Read(buffer.Span));

        public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => length,
        };
    }
}
