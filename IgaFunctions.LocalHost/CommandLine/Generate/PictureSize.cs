using System.Buffers.Binary;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>Reads a picture's size from its header.</summary>
internal static class PictureSize
{
    /// <param name="picture">A PNG or JPEG, at least its first 64 KiB.</param>
    /// <returns>Pixels, or null when the header can't be read.</returns>
    public static (int Width, int Height)? Read(ReadOnlySpan<byte> picture) => picture switch
    {
        // Signature (8), length and type of the first chunk (8), which is IHDR: width, height.
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when picture.Length >= 24 => (
            BinaryPrimitives.ReadInt32BigEndian(picture[16..]), BinaryPrimitives.ReadInt32BigEndian(picture[20..])),
        [0xFF, 0xD8, ..] => ReadJpeg(picture[2..]),
        _ => null,
    };

    /// <summary>Walks the segments (0xFF, marker, length) to the frame header, which holds height and width.</summary>
    private static (int Width, int Height)? ReadJpeg(ReadOnlySpan<byte> rest)
    {
        while (rest is [0xFF, var marker, _, _, ..])
        {
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)) // those three are not frame headers
            {
                return rest.Length < 9 ? null : (
                    BinaryPrimitives.ReadUInt16BigEndian(rest[7..]), BinaryPrimitives.ReadUInt16BigEndian(rest[5..]));
            }

            var length = marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]); // 0xFF is padding
            if (length > rest.Length)
            {
                return null;
            }

            rest = rest[length..];
        }

        return null;
    }
}
