using Iga.LocalHost.CommandLine;

namespace Iga.Tests.CommandLine;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("a lighthouse, größer 灯台", "a lighthouse, größer 灯台")]
    [InlineData("a\u001b[2Jb", "a\\u{1b}[2Jb")]
    [InlineData("a\nb\r\u009bc", "a\\nb\\u{d}\\u{9b}c")]
    [InlineData("abc\u202edef", "abc\\u{202e}def")]
    public void What_a_terminal_would_obey_is_shown(string text, string expected) => Assert.Equal(expected, ShownText.Of(text));

    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("123456", "1234…")]
    public void A_long_text_is_cut(string text, string expected) => Assert.Equal(expected, ShownText.Of(text, 5));
}
