namespace Iga.Tests.Models;

/// <summary>Bytes that pass for pictures: a right header, and any bytes after it.</summary>
internal static class Pictures
{
    public static byte[] Png(int size, int seed = 1)
    {
        var picture = new byte[size];
        new Random(seed).NextBytes(picture);
        new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A }.CopyTo(picture, 0);
        return picture;
    }

    public static byte[] Jpeg(int size, int seed = 1)
    {
        var picture = new byte[size];
        new Random(seed).NextBytes(picture);
        new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }.CopyTo(picture, 0);
        return picture;
    }
}
