using System.Text;
using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;

namespace Iga.Tests.Models;

/// <summary>A whole picture in an answer is never thrown away, and never hides, whatever the answer looks like.</summary>
public sealed class AnswerDressTests
{
    private static readonly byte[] Png = Pictures.Png(3_001);
    private static readonly string Data = Convert.ToBase64String(Png);
    private static readonly string Picture = $$$"""{"inlineData":{"mimeType":"image/png","data":"{{{Data}}}"}}""";
    private static readonly string Broken = Convert.ToBase64String(Png[..2_000]);
    private static readonly string Other = Convert.ToBase64String(Pictures.Png(2_500, seed: 2));

    /// <summary>Latin-1: a char of the dress is a byte of the answer.</summary>
    private static readonly Dictionary<string, string> Gemini = new()
    {
        ["an unpaired surrogate as an escape"] = Parts("""{"text":"Here it is \ud83d"},""" + Picture),
        ["raw broken UTF-8"] = Parts("{\"text\":\"a\u00C3(\u00FF\u00ED\u00A0\u0080\"}," + Picture),
        ["control characters in a text"] = Parts("{\"text\":\"a\0\u0001\n\u001B[31m\"}," + Picture),
        ["escapes that are none"] = Parts("""{"text":"\x \u12 \' \uZZZZ"},""" + Picture),
        ["a byte order mark"] = "\u00EF\u00BB\u00BF" + Parts(Picture),
        ["an ignored member nested 64 deep"] = Parts("{\"functionCall\":{\"args\":" + Nested(64) + "}}," + Picture),
        ["an ignored member nested 100,000 deep"] = $$"""{"debug":{{Nested(100_000)}},{{Parts(Picture)[1..]}}""",
        ["a list of chunks"] = $$"""[{{Parts("""{"text":"Here"}""")}},{{"\r\n"}}{{Parts(Picture)}},{"candidates":[{"finishReason":"STOP"}]}]""",
        ["a list of one"] = $"[{Parts(Picture)}]",
        ["server-sent events"] = $"event: x\r\ndata: {Parts("""{"text":"Here"}""")}\r\n\r\ndata: {Parts(Picture)}\r\n\r\n: end\n\ndata: [DONE]\n\n",
        ["server-sent events of many lines"] = "data: " + Parts("\n" + Picture).Replace("\n", "\ndata: ", StringComparison.Ordinal) + "\n\n",
        ["a byte order mark before events"] = "\u00EF\u00BB\u00BFdata: " + Parts(Picture) + "\n\n",
        ["lines of JSON"] = Parts("""{"text":"Here"}""") + "\n" + Parts(Picture) + "\n",
        ["words behind the end"] = Parts(Picture) + "\n<html>502</html>",
        ["an end that is missing"] = Parts(Picture)[..^2],
        ["a cut within the text behind it"] = Parts(Picture + """,{"text":"that was""")[..^4],
        ["a cut right behind its base64"] = Parts(Picture)[..(Parts(Picture).IndexOf(Data, StringComparison.Ordinal) + Data.Length)],
        ["brackets that do not match"] = Parts(Picture + "]}"),
        ["the only one is a draft"] = Parts($$$"""{"thought":true,"inlineData":{"mimeType":"image/png","data":"{{{Data}}}"}}"""),
        ["the last of two drafts"] = Parts($$$"""{"inlineData":{"data":"{{{Other}}}"},"thought":true},{"inlineData":{"data":"{{{Data}}}"},"thought":true}"""),
        ["a draft before it"] = Parts($$$"""{"inlineData":{"data":"{{{Other}}}"},"thought":true},{{{Picture}}}"""),
        ["a whole draft beside a broken picture"] = Parts($$$"""{"inlineData":{"data":"{{{Data}}}"},"thought":true},{"inlineData":{"data":"{{{Broken}}}"}}"""),
        ["a document before it"] = Parts("""{"inlineData":{"mimeType":"text/plain","data":"aGVsbG8="}},""" + Picture),
        ["an empty part before it"] = Parts("""{"inlineData":{"mimeType":"image/png","data":""}},{},null,7,[[]],""" + Picture),
        ["a broken picture before it"] = Parts($$$"""{"inlineData":{"data":"{{{Broken}}}"}},""" + Picture),
        ["no base64 before it"] = Parts("""{"inlineData":{"data":"%%%%"}},{"inlineData":{"data":7}},""" + Picture),
        ["another whole one behind it"] = Parts($$$"""{{{Picture}}},{"inlineData":{"data":"{{{Other}}}"}}"""),
        ["the second candidate"] = $$$"""{"candidates":[{"content":{"parts":[{"text":"no"}]}},{"content":{"parts":[{{{Picture}}}]}}]}""",
        ["data given twice"] = Parts($$$"""{"inlineData":{"data":"","data":"{{{Data}}}"}}"""),
        ["names with underscores"] = Parts($$$"""{"inline_data":{"mime_type":"image/png","data":"{{{Data}}}"}}"""),
        ["names with escapes"] = Parts(Picture).Replace("inlineData", "inline\\u0044ata", StringComparison.Ordinal),
        ["one object for a list"] = "{\"candidates\":{\"content\":{\"parts\":" + Picture + "},\"finishReason\":1}}",
        ["URL-safe base64 without padding"] = Parts(Picture).Replace(Data, Data.Replace('+', '-').Replace('/', '_').TrimEnd('='), StringComparison.Ordinal),
        ["base64 in lines"] = Parts(Picture).Replace(Data, string.Join('\n', Data.Chunk(76).Select(line => new string(line))), StringComparison.Ordinal),
        ["a refusal beside it"] = $$$"""{"candidates":[{"content":{"parts":[{{{Picture}}}]},"finishReason":"IMAGE_SAFETY"}]}""",
        ["a limit beside it"] = $$$"""{"candidates":[{"content":{"parts":[{{{Picture}}}]},"finishReason":"MAX_TOKENS"}]}""",
        ["an error beside it"] = $"[{Parts(Picture)},{{\"error\":{{\"code\":503,\"status\":\"UNAVAILABLE\"}}}}]",
        ["a line break before a colon"] = Parts(Picture).Replace("\"data\":", "\"data\"\n:", StringComparison.Ordinal),
    };

    private static readonly Dictionary<string, string> Imagen = new()
    {
        ["an unpaired surrogate as an escape"] = $$"""{"predictions":[{"prompt":"\ud83d","bytesBase64Encoded":"{{Data}}"}]}""",
        ["a byte order mark"] = $$"""{{"\u00EF\u00BB\u00BF"}}{"predictions":[{"bytesBase64Encoded":"{{Data}}"}]}""",
        ["an ignored member nested deep"] = $$"""{"x":{{Nested(5_000)}},"predictions":[{"bytesBase64Encoded":"{{Data}}"}]}""",
        ["a list of one"] = $$"""[{"predictions":[{"bytesBase64Encoded":"{{Data}}"}]}]""",
        ["words behind the end"] = $$"""{"predictions":[{"bytesBase64Encoded":"{{Data}}"}]}]}--""",
        ["one that was filtered before it"] = $$"""{"predictions":[{"raiFilteredReason":"no"},{"bytesBase64Encoded":"{{Data}}"}]}""",
        ["a broken one before it"] = $$"""{"predictions":[{"bytesBase64Encoded":"{{Broken}}"},{"bytesBase64Encoded":"{{Data}}"}]}""",
        ["one object for a list"] = $$$"""{"predictions":{"bytesBase64Encoded":"{{{Data}}}"}}""",
        ["names with underscores"] = $$"""{"predictions":[{"bytes_base64_encoded":"{{Data}}"}]}""",
        ["an error beside it"] = $$$"""{"error":{"code":429},"predictions":[{"bytesBase64Encoded":"{{{Data}}}"}]}""",
    };

    public static TheoryData<string, string> Dresses =>
    [
        .. Gemini.Keys.Select(dress => ("gemini-3.1-flash-image", dress)), .. Imagen.Keys.Select(dress => ("imagen-4.0-generate-001", dress)),
    ];

    [Theory]
    [MemberData(nameof(Dresses))]
    public async Task A_whole_picture_is_found_whatever_stands_beside_it(string model, string dress)
    {
        var transport = Answer(Of(model)[dress]);

        using var image = await GenerateAsync(model, transport);

        Assert.Equal(Png, image.Bytes.ToArray());
        Assert.Equal(1, transport.Calls);
    }

    public static TheoryData<string, string> NotTaken => new()
    {
        { "a draft beside a block", "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}," + Draft()[1..] },
        { "a draft, and then the connection's end", Draft()[..^2] },
    };

    /// <summary>The picture itself may have been on its way, or was refused.</summary>
    [Theory]
    [MemberData(nameof(NotTaken))]
    public async Task A_draft_is_the_answer_only_where_nothing_else_is(string why, string answer)
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => GenerateAsync("gemini-3.1-flash-image", Answer(answer)));

        Assert.Equal(why.Contains("block", StringComparison.Ordinal) ? FailureKind.PromptBlocked : FailureKind.ModelUnavailable, failure.Kind);
    }

    private static Dictionary<string, string> Of(string model) => model[0] == 'i' ? Imagen : Gemini;

    private static string Parts(string parts) => $$$"""{"candidates":[{"content":{"role":"model","parts":[{{{parts}}}]},"finishReason":"STOP"}]}""";

    private static string Draft() => Parts($$$"""{"inlineData":{"data":"{{{Data}}}"},"thought":true}""");

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("""{"a":[""", depth / 2)) + "1" + string.Concat(Enumerable.Repeat("]}", depth / 2));

    private static ScriptedTransport Answer(string latin1) =>
        new(_ => Task.FromResult(new VertexReply(200, Encoding.Latin1.GetBytes(latin1), null, Stream.Null)));

    private static async Task<GeneratedImage> GenerateAsync(string modelId, ScriptedTransport transport)
    {
        var options = new VertexOptions(new("http://unused"), "p", "global", null, null, new CallTimeouts());
        using var model = new VertexImageModel(transport, options, ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
        return await model.GenerateAsync(new ImageRequest("a fox", "1:1", true, modelId), CancellationToken.None);
    }
}
