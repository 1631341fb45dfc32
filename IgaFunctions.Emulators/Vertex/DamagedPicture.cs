using System.Buffers.Binary;
using System.IO.Hashing;

namespace Iga.Emulators.Vertex;

/// <summary>Pictures that begin as they should and are not whole.</summary>
internal static class DamagedPicture
{
    // Of a PNG: signature, then the header's length, type, width.
    private const int HeaderType = 12;
    private const int Width = 16;
    private const int HeaderChecksum = 29;

    /// <returns>The damaged picture. A JPEG has no checksum, and a size in no fixed place: it is cut instead.</returns>
    public static byte[] Of(ReadOnlySpan<byte> picture, string damage)
    {
        var isPng = picture is [0x89, (byte)'P', (byte)'N', (byte)'G', ..] && picture.Length > HeaderChecksum + 4;
        var damaged = picture.ToArray();
        switch (damage)
        {
            case "without-end":
                return damaged[..^(isPng ? 12 : 2)];
            case "bad-checksum" when isPng:
                damaged[HeaderChecksum] ^= 1;
                return damaged;
            case "zero-size" when isPng:
                damaged.AsSpan(Width, 4).Clear();
                BinaryPrimitives.WriteUInt32BigEndian(
                    damaged.AsSpan(HeaderChecksum), Crc32.HashToUInt32(damaged.AsSpan(HeaderType, HeaderChecksum - HeaderType)));
                return damaged;
            default:
                return damaged[..(damaged.Length / 2)];
        }
    }
}
