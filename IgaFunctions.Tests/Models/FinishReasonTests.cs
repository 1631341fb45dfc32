using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

/// <summary>Every reason for which a model ends without a picture: what a caller reads, and what would help.</summary>
public sealed class FinishReasonTests
{
    private const string Prompt = "Rephrase the prompt and send it with a new idempotency key.";
    private const string Again = "Send the request again, or rephrase the prompt";
    private const string Neither = "choose another model, or a smaller size";

    /// <summary>Reason, kind, whether the same call may well bring a picture, advice.</summary>
    public static TheoryData<string, string, bool, string> Reasons => new()
    {
        { "SAFETY", FailureKind.PromptBlocked, false, Prompt },
        { "RECITATION", FailureKind.PromptBlocked, false, Prompt },
        { "BLOCKLIST", FailureKind.PromptBlocked, false, Prompt },
        { "PROHIBITED_CONTENT", FailureKind.PromptBlocked, false, Prompt },
        { "SPII", FailureKind.PromptBlocked, false, Prompt },
        { "MODEL_ARMOR", FailureKind.PromptBlocked, false, "Model Armor" },
        { "IMAGE_SAFETY", FailureKind.PromptBlocked, false, Prompt },
        { "IMAGE_PROHIBITED_CONTENT", FailureKind.PromptBlocked, false, Prompt },
        { "IMAGE_RECITATION", FailureKind.PromptBlocked, false, Prompt },
        { "OTHER", FailureKind.NoImageReturned, true, Again },
        { "IMAGE_OTHER", FailureKind.NoImageReturned, true, Again },
        { "NO_IMAGE", FailureKind.NoImageReturned, true, Again },
        { "MALFORMED_FUNCTION_CALL", FailureKind.NoImageReturned, true, Again },
        { "MALFORMED_RESPONSE", FailureKind.NoImageReturned, true, Again },
        { "UNEXPECTED_TOOL_CALL", FailureKind.NoImageReturned, true, Again },
        { "TOO_MANY_TOOL_CALLS", FailureKind.NoImageReturned, true, Again },
        { "MAX_TOKENS", FailureKind.NoImageReturned, false, Neither },
        { "CONTINUATION", FailureKind.NoImageReturned, false, Again },
        { "SOMETHING_NEW", FailureKind.NoImageReturned, false, Again },
        { "VIDEO_SAFETY", FailureKind.PromptBlocked, false, Prompt },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_finish_reason_has_its_kind_and_its_advice(string reason, string kind, bool isChance, string advice)
    {
        var failure = await FailAsync($$"""{"candidates":[{"finishReason":"{{reason}}"}]}""");

        Assert.Equal((kind, false, isChance), (failure.Kind, failure.IsTransient, failure.IsChance));
        Assert.Contains($"({reason})", failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("FINISH_REASON_UNSPECIFIED")]
    [InlineData("")]
    public async Task An_end_as_usual_without_anything_is_chance(string reason)
    {
        var failure = await FailAsync($$"""{"candidates":[{"finishReason":"{{reason}}"}]}""");

        Assert.Equal((FailureKind.NoImageReturned, true), (failure.Kind, failure.IsChance));
        Assert.Contains("returned no image and gave no reason.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_in_words_is_no_chance()
    {
        var failure = await FailAsync("""{"candidates":[{"content":{"parts":[{"text":"I can’t draw that."}]},"finishReason":"STOP"}]}""");

        Assert.Equal((FailureKind.NoImageReturned, false), (failure.Kind, failure.IsChance));
        Assert.EndsWith($"I can’t draw that. {Prompt}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Google's own client writes the number of a reason that is newer than itself.</summary>
    [Theory]
    [InlineData("3", "(SAFETY)", FailureKind.PromptBlocked)]
    [InlineData("\"10\"", "(MODEL_ARMOR)", FailureKind.PromptBlocked)]
    [InlineData("16", "(NO_IMAGE)", FailureKind.NoImageReturned)]
    [InlineData("99", "(99)", FailureKind.NoImageReturned)]
    [InlineData("-1", "gave no reason", FailureKind.NoImageReturned)]
    [InlineData("{\"a\":1}", "gave no reason", FailureKind.NoImageReturned)]
    public async Task A_reason_may_be_a_number(string reason, string told, string kind)
    {
        var failure = await FailAsync($$"""{"candidates":[{"finishReason":{{reason}}}]}""");

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Blocks =>
        ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "MODEL_ARMOR", "IMAGE_SAFETY", "JAILBREAK", "SOMETHING_NEW"];

    /// <summary>OTHER as well: it is a judgement on the prompt, before anything is drawn.</summary>
    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task A_block_reason_is_a_blocked_prompt(string reason)
    {
        var failure = await FailAsync($$$"""{"promptFeedback":{"blockReason":"{{{reason}}}"},"usageMetadata":{"promptTokenCount":4}}""");

        Assert.Equal((FailureKind.PromptBlocked, false, false), (failure.Kind, failure.IsTransient, failure.IsChance));
        Assert.Contains($"({reason})", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(Prompt, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"promptFeedback":{"blockReason":"BLOCKED_REASON_UNSPECIFIED"},"candidates":[{"finishReason":"NO_IMAGE"}]}""", FailureKind.NoImageReturned)]
    [InlineData("""{"promptFeedback":{"blockReason":7}}""", FailureKind.PromptBlocked)]
    [InlineData("""{"prompt_feedback":{"block_reason":"SAFETY"}}""", FailureKind.PromptBlocked)]
    [InlineData("""{"candidates":[{"finishReason":"STOP"},{"finish_reason":"IMAGE_SAFETY"}]}""", FailureKind.PromptBlocked)]
    [InlineData("""{"promptFeedback":{"blockReason":"SAFETY"},"usage""", FailureKind.PromptBlocked)]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"data":"iVBORw0KGgo="}}]},"finishReason":"MAX_TOKENS"}]}""", FailureKind.NoImageReturned)]
    public async Task A_reason_counts_wherever_it_stands(string answer, string kind) => Assert.Equal(kind, (await FailAsync(answer)).Kind);

    [Fact]
    public async Task A_refusal_that_is_streamed_keeps_its_words()
    {
        var failure = await FailAsync(": hello\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"I can't\"}]}}]}\n\n"
            + "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"draw that.\"}]},\"finishReason\":\"STOP\"}]}\n\n");

        Assert.Contains("I can't draw that.", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<FailureException> FailAsync(string answer)
    {
        var transport = new ScriptedTransport(Answer(200, answer));
        using var model = new VertexImageModel(transport, new(new("http://unused"), "p", "global", null, null, new CallTimeouts()), ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
        var failure = await Assert.ThrowsAsync<FailureException>(() => model.GenerateAsync(
            new ImageRequest("a lighthouse", "1:1", true, "gemini-3.1-flash-image"), CancellationToken.None));
        Assert.Equal((1, 0), (transport.Calls, transport.Outstanding));
        return failure;
    }
}
