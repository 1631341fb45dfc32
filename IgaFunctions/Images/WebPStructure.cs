using System.Buffers.Binary;

namespace Iga.Images;

/// <summary>
/// WebP: a RIFF file of chunks (name, length, data, filled up to an even length), one of which holds the picture (RFC 9649).
/// </summary>
internal static class WebPStructure
{
    private const int RiffHeader = 8;
    private const int FileHeader = 12;

    /// <returns>The size in pixels, zero included; null when the picture is not whole.</returns>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> image)
    {
        var fileLength = BinaryPrimitives.ReadUInt32LittleEndian(image[4..]) + (long)RiffHeader;
        if (fileLength is < FileHeader || fileLength > image.Length)
        {
            return null;
        }

        (int, int)? canvas = null;
        (int, int)? picture = null;
        for (var rest = image[FileHeader..(int)fileLength]; rest.Length >= RiffHeader;)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (length > rest.Length - RiffHeader)
            {
                return null;
            }

            var name = rest[..4];
            var data = rest.Slice(RiffHeader, (int)length);
            if (name.SequenceEqual("VP8X"u8) && data.Length >= 10)
            {
                canvas = (UInt24(data[4..]) + 1, UInt24(data[7..]) + 1);
            }
            else if (name.SequenceEqual("VP8 "u8))
            {
                picture ??= LossySize(data);
            }
            else if (name.SequenceEqual("VP8L"u8))
            {
                picture ??= LosslessSize(data);
            }
            else if (name.SequenceEqual("ANMF"u8) && data.Length > 16)
            {
                picture ??= (UInt24(data[6..]) + 1, UInt24(data[9..]) + 1);
            }

            var step = RiffHeader + (int)length + (int)(length & 1);
            rest = rest[Math.Min(step, rest.Length)..];
        }

        return picture is null or (0, _) or (_, 0) ? picture : canvas ?? picture;
    }

    // A key frame's tag of three bytes, its start code, and two sizes of 14 bits (RFC 6386, section 9.1).
    private static (int, int)? LossySize(ReadOnlySpan<byte> data) =>
        data.Length >= 10 && data[3..6].SequenceEqual<byte>([0x9D, 0x01, 0x2A]) && UInt24(data) >> 5 <= data.Length
            ? (BinaryPrimitives.ReadUInt16LittleEndian(data[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(data[8..]) & 0x3FFF)
            : null;

    // A signature, and two sizes less one of 14 bits.
    private static (int, int)? LosslessSize(ReadOnlySpan<byte> data) =>
        data.Length > 5 && data[0] == 0x2F && BinaryPrimitives.ReadUInt32LittleEndian(data[1..]) is var bits
            ? ((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1)
            : null;

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
