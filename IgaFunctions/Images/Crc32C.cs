using System.Buffers;
using System.IO.Hashing;

namespace Iga.Images;

/// <summary>CRC-32C in the form that GCS uses: base64 of the big-endian value.</summary>
internal static class Crc32C
{
    private const int BufferSize = 128 * 1024;

    public static string Of(ReadOnlySpan<byte> data) =>
        Text(Crc32.HashToUInt32(Crc32ParameterSet.Crc32C, data));

    /// <summary>Reads the stream to its end, a buffer at a time.</summary>
    /// <param name="header">Receives the first bytes, as many as fit and as there are.</param>
    /// <returns>The checksum, and how many bytes there were.</returns>
    public static async Task<(string Crc32C, long Size)> OfAsync(
        Stream content, Memory<byte> header, CancellationToken cancellationToken)
    {
        var crc = new Crc32(Crc32ParameterSet.Crc32C);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long size = 0;
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; size += read)
            {
                crc.Append(buffer.AsSpan(0, read));
                if (size < header.Length)
                {
                    buffer.AsSpan(0, (int)Math.Min(read, header.Length - size)).CopyTo(header.Span[(int)size..]);
                }
            }

            return (Text(crc.GetCurrentHashAsUInt32()), size);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static string Text(uint crc) => Convert.ToBase64String(
        [(byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc]);
}
