namespace Iga.Emulators.Storage;

/// <summary>What was read of a request's body and not used yet.</summary>
internal sealed class BodyBuffer(Stream body)
{
    private byte[] _bytes = new byte[64 * 1024];
    private int _from;
    private int _to;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(_from.._to);

    public ReadOnlySpan<byte> Bytes => Memory.Span;

    /// <summary>Reads more.</summary>
    /// <returns>False at the body's end.</returns>
    public async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_from > 0)
        {
            _bytes.AsSpan(_from.._to).CopyTo(_bytes);
            (_from, _to) = (0, _to - _from);
        }

        if (_to == _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        var read = await body.ReadAsync(_bytes.AsMemory(_to), cancellationToken);
        _to += read;
        return read > 0;
    }

    /// <summary>Has used the first so many bytes.</summary>
    public void Take(int count) => _from += count;
}
