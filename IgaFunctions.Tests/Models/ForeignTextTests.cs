using Iga.Faults;

namespace Iga.Tests.Models;

public sealed class ForeignTextTests
{
    [Theory]
    [InlineData("Enable it at https://console.example.com/apis?project=1 then retry", "Enable it at [address] then retry.")]
    [InlineData("denied on resource '//aiplatform.googleapis.com/projects/p'", "denied on resource '[address]'.")]
    [InlineData("no route to eu-west1-aiplatform.googleapis.com:443!", "no route to [host]!")]
    [InlineData("connect 10.0.0.7:5432 or localhost:80", "connect [host] or [host].")]
    [InlineData("iga@my-project.iam.gserviceaccount.com has no access", "[account] has no access.")]
    [InlineData("bad token Bearer ya29.a0Af_x-y", "bad token [secret].")]
    [InlineData("Permission 'aiplatform.endpoints.predict' denied", "Permission 'aiplatform.endpoints.predict' denied.")]
    [InlineData("imagegeneration@006 is retired.", "imagegeneration@006 is retired.")]
    [InlineData("one\r\ntwo\0\tthree", "one two three.")]
    public void Nothing_leaves_that_tells_of_the_inside(string text, string expected) =>
        Assert.Equal(expected, ForeignText.Clean(text));

    [Theory]
    [InlineData("I can't draw a cat.", "cat", "I can't draw a [prompt].")]
    [InlineData("I can't start with art.", "art", "I can't start with [prompt].")]
    [InlineData("Refused: A BIG Red dog, sorry", "a big red dog", "Refused: [prompt], sorry.")]
    [InlineData("No: a long prompt that the model repeats but", "a long prompt that the model repeats but cuts off", "No: [prompt].")]
    [InlineData("No: one two", "one\ntwo", "No: [prompt].")]
    public void The_prompt_is_not_repeated(string text, string prompt, string expected) =>
        Assert.Equal(expected, ForeignText.Clean(text, prompt));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n ")]
    public void No_words_are_no_reason(string? text) => Assert.Null(ForeignText.Clean(text));

    [Fact]
    public void A_long_reason_is_cut_between_characters()
    {
        var cut = ForeignText.Clean(string.Concat(Enumerable.Repeat("🦊", 400)))!;

        Assert.InRange(cut.Length, 250, 301);
        Assert.EndsWith("🦊…", cut, StringComparison.Ordinal);
    }
}
