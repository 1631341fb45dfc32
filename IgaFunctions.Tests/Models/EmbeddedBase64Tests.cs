using System.Text;
using CsCheck;
using Iga.Models.Dialects;

namespace Iga.Tests.Models;

public sealed class EmbeddedBase64Tests
{
    private static readonly Gen<(byte[] Bytes, int Form, int Indent)> Cases = Gen.Select(
        Gen.OneOf(Gen.Byte.Array[0, 400], Gen.Byte.Array[12_200, 40_000]), Gen.Int[0, 8], Gen.Int[0, 12]);

    // On failure CsCheck prints the seed.
    [Fact]
    public void Any_bytes_come_back_from_any_form_of_base64_that_JSON_can_hold() => Cases.Sample(
        c =>
        {
            var plain = Convert.ToBase64String(c.Bytes);
            var written = c.Form switch
            {
                0 => plain,
                1 => plain.Replace("/", "\\/", StringComparison.Ordinal),
                2 => plain.Replace("=", "\\u003d", StringComparison.Ordinal),
                3 => plain.Replace("+", "\\u002B", StringComparison.Ordinal),
                4 => plain.Replace('+', '-').Replace('/', '_'),
                5 => plain.TrimEnd('='),
                6 => plain.Replace('+', '-').Replace('/', '_').TrimEnd('='),
                7 => string.Concat(plain.Chunk(64).Select(line => new string(line) + "    ")),
                _ => string.Concat(plain.Chunk(76).Select(line => new string(line) + "\\r\\n")),
            };
            return Decode(written, c.Indent).Span.SequenceEqual(c.Bytes);
        });

    [Theory]
    [InlineData("!!!!")]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("AA=A")]
    [InlineData("AAAA\\u00e9AAA")]
    [InlineData("AAAA\\u0000AAA")]
    public void What_is_not_base64_decodes_to_nothing(string text) => Assert.True(Decode(text).IsEmpty);

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(8 * 1024)]
    [InlineData(32 * 1024)]
    public void Padding_before_the_end_is_not_base64(int at) =>
        Assert.True(Decode(new string('A', at - 1) + "=" + new string('A', 20 * 1024)).IsEmpty);

    [Fact]
    public void The_picture_is_decoded_where_it_lies()
    {
        var json = Encoding.UTF8.GetBytes("""{"predictions":[{"bytesBase64Encoded":"AQIDBA=="}]}""").AsMemory();

        var place = Assert.Single(new PredictDialect().Read(json.Span).Pictures);

        Assert.Equal([1, 2, 3, 4], json.Slice(place.Start, place.Length).ToArray());
    }

    private static Memory<byte> Decode(string text, int indent = 0)
    {
        var space = indent == 0 ? "" : "\n" + new string(' ', indent);
        var json = Encoding.UTF8.GetBytes($$"""{"predictions":[{"bytesBase64Encoded":"{{text}}"{{space}}}{{space}}]{{space}}}""").AsMemory();
        var reply = new PredictDialect().Read(json.Span);
        Assert.IsType<NoPicture.Missing>(reply.Otherwise); // the JSON was read to its end
        return reply.Pictures is [var found] ? json.Slice(found.Start, found.Length) : default;
    }
}
