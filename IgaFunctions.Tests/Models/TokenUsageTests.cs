using System.Globalization;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

public sealed class TokenUsageTests
{
    [Theory]
    [InlineData("""{"promptTokenCount":7,"candidatesTokenCount":1120,"thoughtsTokenCount":300,"totalTokenCount":1427}""", "7 1120 300")]
    [InlineData("""{"promptTokenCount":7,"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1}]}""", "7 - -")]
    [InlineData("""{"promptTokenCount":"many","candidatesTokenCount":1.5,"thoughtsTokenCount":{"a":[1]}}""", "- - -")]
    [InlineData("{}", "- - -")]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    public async Task The_tokens_that_a_picture_cost_come_with_it(string usageMetadata, string? expected)
    {
        var answer = Replies.Gemini(Pictures.Png(100)).Replace("""{"totalTokenCount":1300}""", usageMetadata, StringComparison.Ordinal);
        using var model = new VertexImageModel(
            new ScriptedTransport(Answer(200, answer)),
            new(new("http://unused"), "p", "global", null, null, new CallTimeouts()), ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());

        using var image = await model.GenerateAsync(
            new ImageRequest("a fox", "1:1", true, "gemini-3.1-flash-image"), CancellationToken.None);

        Assert.Equal(expected, image.Usage is { } usage ? $"{Text(usage.Prompt)} {Text(usage.Output)} {Text(usage.Thoughts)}" : null);
    }

    private static string Text(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
