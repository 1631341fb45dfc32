using System.Text;
using Iga.Models.Dialects;

namespace Iga.Tests.Models;

public sealed class DialectTests
{
    [Fact]
    public void Imagen_is_asked_for_one_png_and_for_the_reason_of_a_refusal() => Assert.Equal(
        """{"instances":[{"prompt":"a \u0022red\u0022 fox"}],"parameters":{"sampleCount":1,"aspectRatio":"16:9","addWatermark":false,"includeRaiReason":true,"outputOptions":{"mimeType":"image/png"}}}""",
        Text(new PredictDialect().Write(new("a \"red\" fox", "16:9", false, "imagen-4.0-generate-001"))));

    [Fact]
    public void Gemini_is_asked_for_words_and_one_png() => Assert.Equal(
        """{"contents":[{"role":"user","parts":[{"text":"a fox"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"],"imageConfig":{"aspectRatio":"21:9","imageOutputOptions":{"mimeType":"image/png"}}}}""",
        Text(new GenerateContentDialect().Write(new("a fox", "21:9", true, "gemini-3.1-flash-image"))));

    [Fact]
    public void Gemini_is_given_what_else_was_asked_for() => Assert.Equal(
        """{"contents":[{"role":"user","parts":[{"fileData":{"fileUri":"gs://b/a.heic","mimeType":"image/heic"}},{"text":"a fox"}]}],"generationConfig":{"responseModalities":["TEXT","IMAGE"],"seed":17,"imageConfig":{"aspectRatio":"1:1","imageSize":"4K","imageOutputOptions":{"mimeType":"image/jpeg"}}}}""",
        Text(new GenerateContentDialect().Write(new("a fox", "1:1", true, "gemini-3.1-flash-image")
        {
            ImageSize = "4K",
            OutputFormat = "jpeg",
            ReferenceImages = ["gs://b/a.heic"],
            Seed = 17,
        })));

    [Theory]
    [InlineData("ein Füchslein 🦊 — 狐")]
    [InlineData("quotes \" \\ \n </script>")]
    public void A_prompt_arrives_as_it_was_sent(string prompt)
    {
        var json = new PredictDialect().Write(new(prompt, "1:1", true, "imagen-4.0-generate-001"));

        using var parsed = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(prompt, parsed.RootElement.GetProperty("instances")[0].GetProperty("prompt").GetString());
    }

    [Fact]
    public void What_a_model_draws_while_it_thinks_comes_last()
    {
        const string json =
            """{"candidates":[{"content":{"parts":[{"inlineData":{"data":"AAAA"},"thought":true},{"thought":false,"inlineData":{"data":"BBBBBBBB"}}]}}]}""";

        var places = new GenerateContentDialect().Read(Encoding.UTF8.GetBytes(json)).Candidates;

        Assert.Equal([(At("BBBBBBBB"), 6), (At("AAAA"), 3)], places.Select(place => (place.Start, place.Length)));

        static int At(string text) => json.IndexOf(text, StringComparison.Ordinal);
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
