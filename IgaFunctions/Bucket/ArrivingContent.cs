namespace Iga.Bucket;

/// <summary>
/// Content that comes from the bucket: so many bytes, or an exception. However long it takes in all, it may not stand still.
/// </summary>
internal sealed class ArrivingContent(Stream content, long length, TimeProvider time) : ReadOnlyStream
{
    /// <summary>After so long without a byte it is given up.</summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private long _left = length;

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

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
