using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Xml.Linq;
using Iga.Emulators.Pictures;

namespace Iga.Tests.Emulators;

/// <summary>The label in a picture that says how it was made.</summary>
public sealed class VertexPictureLabelTests
{
    private const string Made = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    [Fact]
    public void A_PNG_carries_it_uncompressed_and_before_its_pixels()
    {
        var png = Painter.Paint(new PictureRequest("a lighthouse", Vertex.GeminiModel, 512, 512, "image/png")).Bytes.ToArray();

        var names = new List<string>();
        var label = "";
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            names.Add(Encoding.ASCII.GetString(png, at + 4, 4));
            Assert.Equal(
                Crc32.HashToUInt32(png.AsSpan(at + 4, length + 4)), BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (names[^1] == "iTXt")
            {
                label = Encoding.UTF8.GetString(png, at + 8, length);
            }

            at += length + 12;
        }

        Assert.Equal("IHDR", names[0]);
        Assert.Equal("IEND", names[^1]);
        Assert.InRange(names.IndexOf("iTXt"), 1, names.IndexOf("IDAT") - 1);
        const string Keyword = "XML:com.adobe.xmp\0\0\0\0\0";
        Assert.StartsWith(Keyword, label, StringComparison.Ordinal);
        AssertLabel(label[Keyword.Length..]);
    }

    [Fact]
    public void A_JPEG_carries_it_in_a_segment_right_after_its_beginning()
    {
        var jpeg = Painter.Paint(new PictureRequest("a lighthouse", Vertex.GeminiModel, 512, 512, "image/jpeg")).Bytes.ToArray();

        var at = 2;
        while (jpeg[at + 1] == 0xE0)
        {
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
        }

        Assert.Equal([0xFF, 0xE1], jpeg[at..(at + 2)]);
        var segment = Encoding.UTF8.GetString(jpeg, at + 4, BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2)) - 2);
        const string Namespace = "http://ns.adobe.com/xap/1.0/\0";
        Assert.StartsWith(Namespace, segment, StringComparison.Ordinal);
        AssertLabel(segment[Namespace.Length..]);
    }

    private static void AssertLabel(string packet)
    {
        var description = XDocument.Parse(packet.TrimEnd()).Descendants().Single(e => e.Name.LocalName == "Description");
        string? Value(string name) => description.Attributes().Single(a => a.Name.LocalName == name).Value;
        Assert.Equal(Made, Value("DigitalSourceType"));
        Assert.Contains("emulated", Value("Credit"), StringComparison.Ordinal);
        Assert.Contains(Vertex.GeminiModel, Value("CreatorTool"), StringComparison.Ordinal);
    }
}
