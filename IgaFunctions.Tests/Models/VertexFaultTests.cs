using Iga.Faults;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using static Iga.Tests.Models.ScriptedTransport;

namespace Iga.Tests.Models;

/// <summary>Every answer without a picture that is known of, and what a caller is told.</summary>
public sealed class VertexFaultTests
{
    private const string Imagen = "imagen-4.0-generate-001";
    private const string Gemini = "gemini-3.1-flash-image";
    private const string Prompt = "a lighthouse at dawn, painted in oil";

    [Theory]
    [InlineData(Gemini, 200, """{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT","blockReasonMessage":"not this"}}""", "not this")]
    [InlineData(Gemini, 200, """{"candidates":[],"promptFeedback":{"blockReason":"SAFETY"}}""", "(SAFETY)")]
    [InlineData(Gemini, 200, """{"candidates":[{"finishReason":"SAFETY","finishMessage":"try again"}]}""", "try again")]
    [InlineData(Imagen, 200, """{"predictions":[{"raiFilteredReason":"Unable to show images. Support codes: 1"}]}""", "Support codes: 1")]
    [InlineData(Imagen, 400, """{"error":{"code":400,"message":"The prompt could not be submitted. Support codes: 42","status":"INVALID_ARGUMENT"}}""", "Support codes: 42")]
    [InlineData(Gemini, 400, """{"error":{"code":400,"message":"Image generation failed. Support codes: 42","status":"INVALID_ARGUMENT"}}""", "Support codes: 42")]
    public async Task A_blocked_prompt_is_told_with_the_models_own_reason(string model, int status, string body, string reason)
    {
        var failure = await FailAsync(model, status, body);

        AssertPermanent(FailureKind.PromptBlocked, failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("Rephrase the prompt and send it with a new idempotency key.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Imagen, "{}", "no reason")]
    [InlineData(Imagen, """{"predictions":[]}""", "no reason")]
    [InlineData(Imagen, """{"predictions":null}""", "no reason")]
    [InlineData(Imagen, """{"predictions":[{}]}""", "no reason")]
    [InlineData(Imagen, """{"predictions":[{"bytesBase64Encoded":""}]}""", "no reason")]
    [InlineData(Imagen, """{"predictions":[{"bytesBase64Encoded":"PGh0bWw+","mimeType":"image/png"}]}""", "not PNG, JPEG or WebP")]
    [InlineData(Imagen, """{"predictions":[{"bytesBase64Encoded":"%%%%"}]}""", "not PNG, JPEG or WebP")]
    [InlineData(Imagen, "[]", "no reason")]
    [InlineData(Gemini, "{}", "no reason")]
    [InlineData(Gemini, """{"candidates":[]}""", "no reason")]
    [InlineData(Gemini, """{"candidates":[{"content":{},"finishReason":"STOP"}]}""", "no reason")]
    [InlineData(Gemini, """{"candidates":[{"finishMessage":"half of it: \ud800"}]}""", "half of it: \uFFFD")]
    [InlineData(Gemini, """{"candidates":[{"content":{"parts":[{"text":"I only"},{"text":"talk"}]},"finishReason":"STOP"}]}""", "I only talk")]
    [InlineData(Gemini, """{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"PGh0bWw+"}}]}}]}""", "not PNG, JPEG or WebP")]
    public async Task An_answer_without_a_picture_is_no_image(string model, string body, string reason)
    {
        var failure = await FailAsync(model, 200, body);

        AssertPermanent(FailureKind.NoImageReturned, failure);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, FailureKind.ModelRejectedRequest)]
    [InlineData(401, FailureKind.ModelRejectedRequest)]
    [InlineData(403, FailureKind.ModelRejectedRequest)]
    [InlineData(404, FailureKind.ModelNotFound)]
    [InlineData(413, FailureKind.ModelRejectedRequest)]
    [InlineData(302, FailureKind.ModelRejectedRequest)]
    public async Task A_status_that_will_not_change_is_permanent(int status, string kind)
    {
        var failure = await FailAsync(Gemini, status, Replies.Error("X", "the model says why"));

        AssertPermanent(kind, failure);
        Assert.Contains("The model says why.", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("gemini-3.1-flash-image", "us-central1", "is served in global, us, eu, but not in us-central1")]
    [InlineData("imagen-4.0-generate-001", "us-central1", "is retired since 2026-06-30")]
    [InlineData("gemini-3.1-flash-image", "global", "does not exist, is retired, or this project has no access")]
    [InlineData("gemini-9-image", "us-central1", "does not exist, is retired, or this project has no access")]
    public async Task A_404_speaks_of_what_the_catalog_knows(string model, string location, string reason)
    {
        string[] dresses = [Replies.Error("NOT_FOUND", "no such model"), """{"error":{"code":404,"message":"no such model"}}"""];
        foreach (var (status, body) in dresses.Zip((int[])[404, 200], (body, status) => (status, body)))
        {
            var failure = await FailAsync(model, new ScriptedTransport(Answer(status, body)), location);

            AssertPermanent(FailureKind.ModelNotFound, failure);
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(408, FailureKind.ModelUnavailable)]
    [InlineData(429, FailureKind.QuotaExhausted)]
    [InlineData(500, FailureKind.ModelUnavailable)]
    [InlineData(502, FailureKind.ModelUnavailable)]
    [InlineData(503, FailureKind.ModelUnavailable)]
    [InlineData(504, FailureKind.ModelUnavailable)]
    public async Task A_status_that_may_pass_is_transient_and_is_tried_three_times(int status, string kind)
    {
        var transport = new ScriptedTransport(Answer(status, "<html>proxy.example.com</html>"));

        var failure = await FailAsync(Gemini, transport);

        Assert.Equal((kind, true, false), (failure.Kind, failure.IsTransient, failure.IsLocalWait));
        Assert.Equal(3, transport.Calls);
        Assert.DoesNotContain("example.com", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"candidates":[{"content":{"parts":[{"inlineData":{"data":"iVBORw0KGgo""")]
    [InlineData("""{"candidates":[]} trailing""")]
    [InlineData("<html>")]
    [InlineData("""[{"candidates":[{"content":{"parts":[{"text":"Here"}]}}]}""")]
    [InlineData(" \n")]
    public async Task A_200_that_is_cut_off_or_not_JSON_is_transient(string body)
    {
        var transport = new ScriptedTransport(Answer(200, body));

        var failure = await FailAsync(Gemini, transport);

        Assert.Equal((FailureKind.ModelUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(3, transport.Calls);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_transient_and_is_tried_three_times()
    {
        var transport = new ScriptedTransport(Throw(new HttpRequestException("127.0.0.1 refused")));

        var failure = await FailAsync(Gemini, transport);

        Assert.Equal((FailureKind.ModelUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(3, transport.Calls);
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_no_image()
    {
        var failure = await FailAsync(Gemini, new ScriptedTransport(Throw(new ReplyTooLargeException(1))));

        AssertPermanent(FailureKind.NoImageReturned, failure);
    }

    [Fact]
    public async Task A_model_of_an_unknown_family_is_not_called()
    {
        var transport = new ScriptedTransport(Answer(200, "{}"));

        var failure = await FailAsync("dall-e-3", transport);

        AssertPermanent(FailureKind.ModelNotFound, failure);
        Assert.Equal(0, transport.Calls);
    }

    [Fact]
    public async Task The_models_words_are_told_without_addresses_and_without_the_prompt()
    {
        var failure = await FailAsync(Gemini, 403, Replies.Error(
            "PERMISSION_DENIED", $"See https://console.example.com/x about '{Prompt}'\\non host.example.com"));

        Assert.Contains("See [address] about '[prompt]' on [host].", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertPermanent(string kind, FailureException failure) =>
        Assert.Equal((kind, false, null), (failure.Kind, failure.IsTransient, failure.RetryAfter));

    private static async Task<FailureException> FailAsync(string model, int status, string body)
    {
        var transport = new ScriptedTransport(Answer(status, body));
        var failure = await FailAsync(model, transport);
        Assert.Equal(1, transport.Calls);
        return failure;
    }

    private static async Task<FailureException> FailAsync(string model, ScriptedTransport transport, string location = "global")
    {
        var options = new VertexOptions(new("http://unused"), "p", location, null, null, new CallTimeouts());
        using var sut = new VertexImageModel(transport, options, ModelCatalog.BuiltIn, new RecordingObserver(), new TestTime());
        var failure = await Assert.ThrowsAsync<FailureException>(
            () => sut.GenerateAsync(new ImageRequest(Prompt, "1:1", true, model), CancellationToken.None));
        Assert.Equal(0, transport.Outstanding);
        Assert.DoesNotContain(Prompt, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
