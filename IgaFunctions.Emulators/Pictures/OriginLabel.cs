using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security;
using System.Text;

namespace Iga.Emulators.Pictures;

/// <summary>
/// The label that says how a picture was made: an XMP packet with IPTC's term for pictures that a model made, as Google's pictures carry
/// it, which says as well that this one is emulated.
/// </summary>
internal static class OriginLabel
{
    /// <summary>Of a PNG: its signature and the header chunk, which has to come first. Some readers see a label only before the pixels.</summary>
    private const int PngHead = 33;

    /// <summary>Of a JPEG: the marker that begins it.</summary>
    private const int JpegHead = 2;

    /// <param name="picture">As Skia encodes it: a PNG, or a JPEG.</param>
    public static byte[] AddTo(ReadOnlySpan<byte> picture, string mimeType, string modelId)
    {
        var packet = Packet(modelId);
        if (mimeType == "image/png")
        {
            return [.. picture[..PngHead], .. Chunk(packet), .. picture[PngHead..]];
        }

        // The JFIF segment stays first where there is one.
        var at = picture[JpegHead..] is [0xFF, 0xE0, var high, var low, ..] ? JpegHead + 2 + (high << 8) + low : JpegHead;
        return [.. picture[..at], .. Segment(packet), .. picture[at..]];
    }

    /// <summary>An iTXt chunk: keyword, then "not compressed" and no language, then the text. PNG specification, 11.3.3.4.</summary>
    private static byte[] Chunk(string packet)
    {
        var data = Encoding.UTF8.GetBytes($"iTXtXML:com.adobe.xmp\0\0\0\0\0{packet}");
        var chunk = new byte[data.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length - 4);
        data.CopyTo(chunk, 4);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 4), Crc32.HashToUInt32(data));
        return chunk;
    }

    /// <summary>An APP1 segment, named by XMP's address.</summary>
    private static byte[] Segment(string packet)
    {
        var data = Encoding.UTF8.GetBytes($"http://ns.adobe.com/xap/1.0/\0{packet}");
        var segment = new byte[data.Length + 4];
        (segment[0], segment[1]) = (0xFF, 0xE1);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), (ushort)(data.Length + 2));
        data.CopyTo(segment, 4);
        return segment;
    }

    private static string Packet(string modelId) =>
        $"""
        <?xpacket begin="{'\uFEFF'}" id="W5M0MpCehiHzreSzNTczkc9d"?>
        <x:xmpmeta xmlns:x="adobe:ns:meta/">
         <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
          <rdf:Description rdf:about=""
            xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
            xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
            xmlns:xmp="http://ns.adobe.com/xap/1.0/"
            Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
            photoshop:Credit="Drawn by an emulated model; no model of Google's made it"
            xmp:CreatorTool="Emulator of {Attribute(modelId)}"/>
         </rdf:RDF>
        </x:xmpmeta>
        <?xpacket end="r"?>
        """.ReplaceLineEndings("\n");

    /// <summary>An id comes from a catalog, so it may hold anything; a segment of a JPEG has 64 KiB.</summary>
    private static string Attribute(string modelId) => SecurityElement.Escape(modelId.Length > 200 ? modelId[..200] : modelId);
}
