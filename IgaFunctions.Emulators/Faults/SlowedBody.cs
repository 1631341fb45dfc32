namespace Iga.Emulators.Faults;

/// <summary>An answer's body of which only so many bytes leave before each pause.</summary>
/// <param name="pause">A second.</param>
internal sealed class SlowedBody(Stream inner, int bytesPerPause, Func<Task> pause) : AnswerBody(inner)
{
    private int _sent;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_sent == bytesPerPause)
            {
                await Inner.FlushAsync(cancellationToken);
                await pause();
                _sent = 0;
            }

            var part = Math.Min(bytesPerPause - _sent, buffer.Length);
            await Inner.WriteAsync(buffer[..part], cancellationToken);
            _sent += part;
            buffer = buffer[part..];
        }
    }
}
