using Iga.Bucket;

namespace Iga.TaskImage;

/// <summary>
/// A picture's bytes, for whoever sends a part of them as an answer: the bucket is asked for that part alone, when its first byte is
/// wanted, and so for nothing where the answer has no body.
/// </summary>
/// <param name="response">Its Content-Length says how long the part is.</param>
internal sealed class PictureStream(StoredPictures pictures, StoredPicture picture, HttpResponse response) : ReadOnlyStream
{
    private Stream? _content;
    private long _position;

    public override bool CanSeek => true;

    public override long Length => picture.Size;

    public override long Position { get => _position; set => Seek(value, SeekOrigin.Begin); }

    /// <exception cref="PictureGoneException">The picture is gone since it was found.</exception>
    /// <exception cref="Faults.FailureException">The bucket does not give it.</exception>
    /// <exception cref="IOException">What it gave broke off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_content is null)
        {
            var left = picture.Size - _position;
            _content = await pictures.OpenAsync(
                picture, _position, Math.Min(response.ContentLength ?? left, left), cancellationToken)
                ?? throw new PictureGoneException();
        }

        var read = await _content.ReadAsync(buffer, cancellationToken);
        _position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => _content is null && origin == SeekOrigin.Begin
        ? _position = offset
        : throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
        }

        base.Dispose(disposing);
    }
}
