using System.Buffers.Binary;
using static Iga.Bench.Fakes.FakePicture;

namespace Iga.Tests.Models;

/// <summary>Pictures that are whole by their structure, of any size in bytes; what they show nobody decodes.</summary>
internal static class Pictures
{
    private const int SmallestPng = 58;

    private static readonly byte[] JpegStart =
    [
        0xFF, 0xD8,
        0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0,
        0xFF, 0xC0, 0, 11, 8, 0, 24, 0, 32, 1, 1, 0x11, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
    ];

    /// <param name="size">Bytes. Of fewer than 58 it is only the beginning of a picture.</param>
    public static byte[] Png(int size, int seed = 1, int width = 32, int height = 24)
    {
        var pixels = new byte[Math.Max(size, SmallestPng) - SmallestPng + 1];
        new Random(seed).NextBytes(pixels);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        byte[] whole =
        [
            0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, pixels), .. Chunk("IEND"u8, []),
        ];
        return whole[..Math.Min(size, whole.Length)];
    }

    /// <param name="size">Bytes, at least 54.</param>
    public static byte[] Jpeg(int size, int seed = 1)
    {
        var picture = new byte[size];
        new Random(seed).NextBytes(picture);
        picture.AsSpan().Replace((byte)0xFF, (byte)0xFE);
        JpegStart.CopyTo(picture, 0);
        (picture[^2], picture[^1]) = (0xFF, 0xD9);
        return picture;
    }
}
