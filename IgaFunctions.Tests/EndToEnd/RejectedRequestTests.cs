using System.Net;
using System.Text;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Every row of the contract's table of refused requests, as a caller sees it.</summary>
public sealed class RejectedRequestTests(Service service)
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_missing_or_blank_key_is_refused(string? key)
    {
        await AssertRefusedAsync(Post("""{"prompt": "x"}""", key is null ? [] : [key]), 400, "IGA_MISSING_IDEMPOTENCY_KEY", "X-Idempotency-Key");
    }

    [Fact]
    public async Task A_key_of_255_characters_is_accepted_and_a_longer_one_refused()
    {
        var longest = NewKey().PadRight(255, 'k');
        using var accepted = await service.Client.SendAsync(Post("""{"prompt": "x"}""", longest));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        await AssertRefusedAsync(Post("""{"prompt": "x"}""", longest + "k"), 400, "IGA_INVALID_IDEMPOTENCY_KEY", "256 characters");
    }

    [Theory]
    [InlineData("schlüssel")]
    [InlineData("key\twith tab")]
    public async Task A_key_that_is_not_printable_ascii_is_refused(string key)
    {
        Assert.SkipWhen(
            Service.IsOnFunctions && !System.Text.Ascii.IsValid(key),
            "The Functions host answers 500 to a header that is not ASCII, before the app sees it.");
        (var status, var body) = await RawHttp.PostAsync(service.Client, $"X-Idempotency-Key: {key}");
        AssertError(status, body, 400, "IGA_INVALID_IDEMPOTENCY_KEY", "printable ASCII");
    }

    [Fact]
    public async Task Two_different_keys_are_refused_and_the_same_key_twice_is_one_key()
    {
        Assert.SkipWhen(
            Service.IsOnFunctions, "The Functions host joins the values of a header that is given twice into one.");
        (var status, var body) = await RawHttp.PostAsync(
            service.Client, "X-Idempotency-Key: one", "x-idempotency-key: two");
        AssertError(status, body, 400, "IGA_INVALID_IDEMPOTENCY_KEY", "more than once");

        var key = NewKey();
        (status, body) = await RawHttp.PostAsync(service.Client, $"X-Idempotency-Key: {key}", $"X-Idempotency-Key: {key}");
        Assert.True(status == 202, body);
        Assert.Contains($"\"idempotency_key_processed\":\"{key}\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_id_that_is_too_long_is_refused()
    {
        var request = Post("""{"prompt": "x"}""", NewKey());
        request.Headers.Add("X-Workflow-ID", new string('w', 256));
        await AssertRefusedAsync(request, 400, "IGA_INVALID_WORKFLOW_ID", "X-Workflow-ID");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("prompt=x")]
    [InlineData("""{"prompt": "x"} trailing""")]
    [InlineData("""{"prompt": "x"}{}""")]
    [InlineData("""{"prompt": "x",}""")]
    [InlineData("""{'prompt': 'x'}""")]
    [InlineData("""{"prompt": "x" /* comment */}""")]
    [InlineData("""{"prompt": "\q"}""")]
    public async Task A_body_that_is_not_json_is_refused(string body)
    {
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_MALFORMED_JSON", "not valid JSON");
    }

    [Fact]
    public async Task A_body_that_is_not_utf8_is_refused()
    {
        var request = Post("", NewKey());
        request.Content = new ByteArrayContent([.. """{"prompt": " """u8, 0xC3, 0x28, .. """ "}"""u8]);
        await AssertRefusedAsync(request, 400, "IGA_MALFORMED_JSON", "not UTF-8");
    }

    [Fact]
    public async Task A_body_nested_too_deeply_is_refused()
    {
        var body = """{"prompt": "x", "y": """ + new string('[', 5000) + new string(']', 5000) + "}";
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_MALFORMED_JSON", "not valid JSON");
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"prompt\"")]
    [InlineData("17")]
    public async Task A_body_that_is_empty_or_no_object_is_refused(string body)
    {
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_INVALID_PAYLOAD", "JSON object");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_256_kib_is_refused_however_its_length_is_told(bool isChunked)
    {
        var body = $$"""{"prompt": "x", "padding": "{{new string('p', 256 * 1024)}}"}""";
        var request = Post(body, NewKey());
        request.Headers.TransferEncodingChunked = isChunked;
        await AssertRefusedAsync(request, 413, "IGA_PAYLOAD_TOO_LARGE", "262144 bytes");
    }

    [Theory]
    [InlineData("{}", "missing or null")]
    [InlineData("""{"prompt": null}""", "missing or null")]
    [InlineData("""{"Prompt": "x"}""", "missing or null")]
    [InlineData("""{"prompt": 17}""", "it is a number")]
    [InlineData("""{"prompt": ["x"]}""", "it is an array")]
    [InlineData("""{"prompt": true}""", "it is a boolean")]
    [InlineData("""{"prompt": ""}""", "blank")]
    [InlineData("""{"prompt": " \t\n "}""", "blank")]
    public async Task A_prompt_that_is_absent_no_string_or_blank_is_refused(string body, string message)
    {
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_BAD_REQUEST_PROMPT_MISSING", message);
    }

    [Fact]
    public async Task A_prompt_of_4000_characters_is_accepted_and_a_longer_one_refused()
    {
        // A character outside the basic plane is one character.
        var longest = string.Concat(Enumerable.Repeat("🗼", 4000));
        using var accepted = await service.Client.SendAsync(Post(Body(longest), NewKey()));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        await AssertRefusedAsync(Post(Body(longest + "x"), NewKey()), 400, "IGA_BAD_REQUEST_PROMPT_TOO_LONG", "4001 characters");
    }

    [Theory]
    [InlineData("""{"prompt": "a\u0000b"}""", "U+0000")]
    [InlineData("""{"prompt": "a\ud800b"}""", "unpaired surrogate")]
    [InlineData("""{"prompt": "\udc00"}""", "unpaired surrogate")]
    public async Task A_prompt_that_jsonb_can_not_hold_is_refused(string body, string message)
    {
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_BAD_REQUEST_PROMPT_INVALID", message);
    }

    [Theory]
    [InlineData("\"2:1\"", "offers 1:1, 2:3")]
    [InlineData("\"\"", "offers 1:1")]
    [InlineData("1", "it is a number")]
    [InlineData("\"\\ud800\"", "offers 1:1")]
    public async Task An_aspect_ratio_that_the_model_does_not_offer_is_refused(string ratio, string message)
    {
        await AssertRefusedAsync(
            Post($$"""{"prompt": "x", "aspect_ratio": {{ratio}}}""", NewKey()), 400, "IGA_BAD_REQUEST_ASPECT_RATIO", message);
    }

    [Fact]
    public async Task The_ratios_are_those_of_the_models_family()
    {
        await AssertRefusedAsync(
            Post("""{"prompt": "x", "aspect_ratio": "21:9", "model_id_override": "imagen-4.0-generate-001"}""", NewKey()),
            400, "IGA_BAD_REQUEST_ASPECT_RATIO", "imagen-4.0-generate-001 offers 1:1, 3:4, 4:3, 9:16, 16:9");
    }

    [Theory]
    [InlineData("\"true\"", "it is a string")]
    [InlineData("1", "it is a number")]
    [InlineData("false", "always adds its watermark")]
    public async Task A_watermark_that_is_no_boolean_or_can_not_be_left_out_is_refused(string value, string message)
    {
        await AssertRefusedAsync(
            Post($$"""{"prompt": "x", "add_watermark": {{value}}}""", NewKey()), 400, "IGA_BAD_REQUEST_ADD_WATERMARK", message);
    }

    [Theory]
    [InlineData("7", "it is a number")]
    [InlineData("\"dall-e-3\"", "names no image model")]
    [InlineData("\"\"", "names no image model")]
    [InlineData("\"gemini-x/../../../locations\"", "names no image model")]
    [InlineData("\"gemini-x?key=1\"", "names no image model")]
    [InlineData("\"gemini-x:predict\"", "names no image model")]
    public async Task A_model_id_that_names_no_image_model_is_refused(string value, string message)
    {
        await AssertRefusedAsync(
            Post($$"""{"prompt": "x", "model_id_override": {{value}}}""", NewKey()), 400, "IGA_BAD_REQUEST_MODEL_ID", message);
    }

    [Fact]
    public async Task A_refused_request_leaves_the_key_free()
    {
        var key = NewKey();
        await AssertRefusedAsync(Post("""{"prompt": ""}""", key), 400, "IGA_BAD_REQUEST_PROMPT_MISSING", "blank");

        using var response = await service.Client.SendAsync(Post("""{"prompt": "x"}""", key));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
    }

    private async Task AssertRefusedAsync(HttpRequestMessage request, int status, string errorCode, string message)
    {
        using var response = await service.Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        AssertError((int)response.StatusCode, body, status, errorCode, message);
    }

    private static void AssertError(int actualStatus, string body, int status, string errorCode, string message)
    {
        Assert.True(actualStatus == status, $"{actualStatus}: {body}");
        using var document = JsonDocument.Parse(body);
        Assert.Equal(["error_code", "message"], document.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal(errorCode, document.RootElement.GetProperty("error_code").GetString());
        Assert.Contains(message, document.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Post(string body, params string[] keys)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var key in keys)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("X-Idempotency-Key", key));
        }

        return request;
    }

    private static string Body(string prompt) => JsonSerializer.Serialize(new { prompt });

    private static string NewKey() => $"refused-{Guid.NewGuid():N}-";
}
