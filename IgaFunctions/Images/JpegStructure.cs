using System.Buffers.Binary;

namespace Iga.Images;

/// <summary>
/// JPEG: segments that begin with a marker (FF and a code), from SOI over a frame header and scans to EOI (ITU-T T.81, annex B).
/// </summary>
internal static class JpegStructure
{
    /// <returns>The size in pixels, zero included; null when the picture is not whole.</returns>
    public static (int Width, int Height)? SizeOf(ReadOnlySpan<byte> image)
    {
        (int, int)? size = null;
        var hasScan = false;
        for (var rest = image[2..]; NextMarker(ref rest) is { } marker;)
        {
            if (marker == 0xD9) // EOI
            {
                return hasScan ? size : null;
            }

            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
            {
                continue; // a marker without a segment
            }

            if (rest.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(rest) is var length && (length < 2 || length > rest.Length))
            {
                return null;
            }

            var segment = rest[2..length];
            rest = rest[length..];
            if (IsFrameHeader(marker))
            {
                if (segment.Length < 6)
                {
                    return null;
                }

                size ??= (BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), BinaryPrimitives.ReadUInt16BigEndian(segment[1..]));
            }
            else if (marker == 0xDA) // SOS: compressed data follow, up to the next marker
            {
                hasScan = SkipScan(ref rest);
            }
        }

        return null;
    }

    // SOF0 to SOF15, without DHT, JPG and DAC, which stand among them.
    private static bool IsFrameHeader(byte marker) => marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);

    /// <summary>Steps behind the next marker, which may be filled up with FF before it.</summary>
    private static byte? NextMarker(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] != 0xFF || rest.IndexOfAnyExcept((byte)0xFF) is var at && at < 0)
        {
            return null;
        }

        var marker = rest[at];
        rest = rest[(at + 1)..];
        return marker;
    }

    /// <summary>In a scan FF 00 is a byte FF, and FF D0 to FF D7 are restart markers; any other marker ends it.</summary>
    private static bool SkipScan(ref ReadOnlySpan<byte> rest)
    {
        var isEmpty = true;
        while (rest.IndexOf((byte)0xFF) is >= 0 and var at && at + 1 < rest.Length)
        {
            isEmpty &= at == 0;
            if (rest[at + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                rest = rest[at..];
                return !isEmpty;
            }

            isEmpty = false;
            rest = rest[(at + (rest[at + 1] == 0xFF ? 1 : 2))..];
        }

        rest = default;
        return false;
    }
}
