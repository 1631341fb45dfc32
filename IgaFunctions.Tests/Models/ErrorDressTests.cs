using System.Text;
using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

/// <summary>An error is an error in any dress, and follows the rule of its status.</summary>
public sealed class ErrorDressTests
{
    public static TheoryData<string, string, bool> InOk => new()
    {
        { """{"error":{"code":429,"message":"slow down"}}""", FailureKind.QuotaExhausted, true },
        { """{"error":{"code":"503","message":"overloaded"}}""", FailureKind.ModelUnavailable, true },
        { """{"error":{"status":"RESOURCE_EXHAUSTED"}}""", FailureKind.QuotaExhausted, true },
        { """{"error":{"code":8,"message":"a number of google.rpc.Code"}}""", FailureKind.QuotaExhausted, true },
        { """[{"error":{"code":500,"message":"Request is throttled"}}]""", FailureKind.ModelUnavailable, true },
        { """{"error":[{"code":503}]}""", FailureKind.ModelUnavailable, true },
        { "data: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\n\n", FailureKind.ModelUnavailable, true },
        { """[{"candidates":[{"content":{"parts":[{"text":"Here"}]}}]},{"error":{"code":503}}]""", FailureKind.ModelUnavailable, true },
        { """{"error":{"code":200,"message":"whatever this is"}}""", FailureKind.ModelUnavailable, true },
        { """{"error":"overloaded"}""", FailureKind.ModelUnavailable, true },
        { """{"error":{"code":401,"status":"UNAUTHENTICATED"}}""", FailureKind.ModelRejectedRequest, false },
        { """{"error":{"status":"PERMISSION_DENIED","message":"no"}}""", FailureKind.ModelRejectedRequest, false },
        { """{"error":{"code":404,"message":"Publisher Model was not found"}}""", FailureKind.ModelNotFound, false },
        { """{"error":{"code":400,"message":"Invalid value at aspect_ratio"}}""", FailureKind.ModelRejectedRequest, false },
        { """{"error":{"code":400,"message":"The prompt couldn't be submitted"}}""", FailureKind.PromptBlocked, false },
        { """{"error":null}""", FailureKind.NoImageReturned, false },
        { """{"error":{}}""", FailureKind.NoImageReturned, false },
        { """{"error":{"code":0,"message":""}}""", FailureKind.NoImageReturned, false },
    };

    [Theory]
    [MemberData(nameof(InOk))]
    public async Task An_answer_with_status_200_that_is_an_error_follows_the_rule_of_that_error(string body, string kind, bool isTransient)
    {
        foreach (var modelId in (string[])["gemini-3.1-flash-image", "imagen-4.0-generate-001"])
        {
            var transport = new ScriptedTransport(Answer(200, body));
            var failure = await FailAsync(transport, modelId);
            Assert.Equal((kind, isTransient), (failure.Kind, failure.IsTransient));
            Assert.Equal(isTransient ? 3 : 1, transport.Calls);
        }
    }

    private const string Throttled =
        """{"error":{"code":429,"message":"slow down \ud83d\u0007, please","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"12.5s"}]}}""";

    public static TheoryData<int, string> Throttles => new()
    {
        { 200, Throttled }, { 200, $"[{Throttled}]" }, { 429, Throttled }, { 429, $"[{Throttled}\n]\r\n" }, { 429, "\uFEFF" + Throttled },
        { 429, Throttled.Replace("retryDelay", "retry_delay", StringComparison.Ordinal) },
        { 429, Throttled[..^1] }, { 429, Throttled.Replace("please", "\u001B", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Throttles))]
    public async Task An_error_keeps_its_words_and_its_delay_whatever_stands_around_them(int status, string body)
    {
        var failure = await FailAsync(new ScriptedTransport(Answer(status, body)));

        Assert.Equal((FailureKind.QuotaExhausted, TimeSpan.FromSeconds(12.5)), (failure.Kind, failure.RetryAfter));
        Assert.Contains("slow down", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_header_of_an_answer_that_is_an_error_counts_too()
    {
        var failure = await FailAsync(new ScriptedTransport(Answer(200, """{"error":{"code":503}}""", TimeSpan.FromSeconds(7))));

        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task Raw_bytes_that_are_no_text_do_not_hide_a_refusal()
    {
        byte[] body = [.. "{\"error\":{\"message\":\""u8, 0xFF, 0xED, 0xA0, 0x80, .. " Support codes: 42\"}}"u8];
        var failure = await FailAsync(new ScriptedTransport(_ => Task.FromResult(new VertexReply(400, body, null, Stream.Null))));

        Assert.Equal(FailureKind.PromptBlocked, failure.Kind);
        Assert.Contains("Support codes: 42", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<FailureException> FailAsync(ScriptedTransport transport, string modelId = "gemini-3.1-flash-image")
    {
        using var model = new VertexImageModel(transport, new(new("http://unused"), "p", "global", null, null, new CallTimeouts()), ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
        return await Assert.ThrowsAsync<FailureException>(
            () => model.GenerateAsync(new ImageRequest("a lighthouse", "1:1", true, modelId), CancellationToken.None));
    }
}
