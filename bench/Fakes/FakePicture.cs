using System.Buffers.Binary;
using System.IO.Hashing;

namespace Iga.Bench.Fakes;

/// <summary>Pictures of any number of bytes that are whole by their structure, as the service looks at it; what they show nobody decodes.</summary>
internal static class FakePicture
{
    private const int Seed = 1;

    // Everything of a PNG but its pixels: signature, header, and the frames of two more chunks.
    private const int PngFrame = 8 + 25 + 12 + 12;

    private static readonly byte[] JpegStart =
    [
        0xFF, 0xD8, // start
        0xFF, 0xC0, 0, 11, 8, 4, 0, 4, 0, 1, 1, 0x11, 0, // 1024 × 1024, one component
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, // a scan
    ];

    public static byte[] Png(int size)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, 1024);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 1024);
        header[8] = 8;
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, Noise(size - PngFrame)), .. Chunk("IEND"u8, []),
        ];
    }

    public static byte[] Jpeg(int size)
    {
        var picture = Noise(size);
        picture.AsSpan().Replace((byte)0xFF, (byte)0xFE);
        JpegStart.CopyTo(picture, 0);
        (picture[^2], picture[^1]) = (0xFF, 0xD9);
        return picture;
    }

    private static byte[] Noise(int size)
    {
        var noise = new byte[size];
        new Random(Seed).NextBytes(noise);
        return noise;
    }

    /// <returns>A chunk of a PNG: length, type, data and checksum.</returns>
    internal static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
