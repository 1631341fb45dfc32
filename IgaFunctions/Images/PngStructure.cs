using System.Buffers.Binary;
using System.IO.Hashing;

namespace Iga.Images;

/// <summary>
/// PNG: a signature, then chunks of length, type, data and CRC-32 of type and data, from IHDR over IDAT to IEND
/// (W3C, Portable Network Graphics, chapters 5 and 11).
/// </summary>
internal static class PngStructure
{
    private const int SignatureLength = 8;

    /// <summary>Length, type and checksum of a chunk.</summary>
    private const int Overhead = 12;

    /// <returns>The size in pixels, zero included; null when the picture is not whole.</returns>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> image)
    {
        (int, int)? size = null;
        var hasPixels = false;
        for (var rest = image[SignatureLength..]; rest.Length >= Overhead;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Overhead)
            {
                return null;
            }

            var checkedBytes = rest.Slice(4, 4 + (int)length);
            if (Crc32.HashToUInt32(checkedBytes) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            {
                return null;
            }

            var type = checkedBytes[..4];
            var data = checkedBytes[4..];
            if (size is null)
            {
                // The first chunk is the header, or this is no PNG.
                if (!type.SequenceEqual("IHDR"u8) || data.Length != 13)
                {
                    return null;
                }

                size = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                hasPixels |= !data.IsEmpty;
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                return hasPixels ? size : null;
            }

            rest = rest[(Overhead + (int)length)..];
        }

        return null;
    }
}
