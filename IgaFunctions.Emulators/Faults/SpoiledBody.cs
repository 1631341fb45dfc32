namespace Iga.Emulators.Faults;

/// <summary>An answer's body in which something happens after so many bytes, once, when those bytes have left.</summary>
/// <param name="after">Asked at the first write, when the answer's length is known.</param>
internal sealed class SpoiledBody(Stream inner, Func<long> after, Func<Task> strike) : AnswerBody(inner)
{
    private long? _left;
    private bool _struck;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_struck)
        {
            _left ??= after();
            var part = (int)Math.Min(_left.Value, buffer.Length);
            await Inner.WriteAsync(buffer[..part], cancellationToken);
            _left -= part;
            buffer = buffer[part..];
            if (_left > 0 || buffer.IsEmpty)
            {
                return;
            }

            _struck = true;
            await Inner.FlushAsync(cancellationToken);
            await strike();
        }

        await Inner.WriteAsync(buffer, cancellationToken);
    }
}
