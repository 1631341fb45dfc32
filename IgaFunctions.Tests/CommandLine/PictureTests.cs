using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;

namespace Iga.Tests.CommandLine;

public sealed class PictureTests
{
    [Theory]
    [InlineData("A lighthouse, at dawn!", "a-lighthouse-at-dawn")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("Сова в лесу", "сова-в-лесу")]
    [InlineData("🦉🦉", "image")]
    [InlineData("", "image")]
    public void A_prompt_becomes_a_file_name(string prompt, string name) => Assert.Equal(name, PromptSlug.Of(prompt));

    [Fact]
    public void A_long_prompt_is_cut_between_words()
    {
        var slug = PromptSlug.Of(string.Join(' ', Enumerable.Repeat("lighthouse", 20)));

        Assert.Equal("lighthouse-lighthouse-lighthouse-lighthouse-lighthouse", slug);
    }

    [Fact]
    public void A_jpegs_size_is_found_behind_its_other_segments()
    {
        byte[] jpeg =
        [
            0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, // APP0
            0xFF, 0xC4, 0, 3, 9, // a Huffman table, which is no frame header
            0xFF, 0xC2, 0, 11, 8, 0x03, 0x00, 0x05, 0x80, 1, 1, 0x11, 0,
        ];

        Assert.Equal((1408, 768), PictureSize.Read(jpeg));
        Assert.Null(PictureSize.Read(jpeg.AsSpan(0, 16)));
        Assert.Null(PictureSize.Read("RIFF"u8));
        Assert.Null(PictureSize.Read([]));
    }
}
