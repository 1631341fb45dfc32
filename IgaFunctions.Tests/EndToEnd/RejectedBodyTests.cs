using System.Net;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Every row of the contract's table of refused requests that is about the body, as a caller sees it.</summary>
public class RejectedBodyTests(Service service) : RejectedRequests(service)
{
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

    [Theory]
    [InlineData("""{"prompt": "x", "prompt": "y"}""", "member prompt")]
    [InlineData("""{"prompt": "x", "pr\u006fmpt": "x"}""", "member prompt")]
    [InlineData("""{"n\u00fcr": 1, "prompt": "x", "nür": 1}""", "member n?r")]
    public async Task A_member_that_is_given_twice_is_named(string body, string message)
    {
        await AssertRefusedAsync(Post(body, NewKey()), 400, "IGA_MALFORMED_JSON", message);
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
    [InlineData("""{"prompt": [[[[[[[[[[[[]]]]]]]]]]]]}""", "it is an array")]
    [InlineData("""{"prompt": {"a":[{"a":[{"a":[{"a":[{"a":[{"a":1}]}]}]}]}]}}""", "it is an object")]
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
        using var accepted = await Client.SendAsync(Post(Body(longest), NewKey()));
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
    [InlineData("\"\\ud800\"", "unpaired surrogate")]
    public async Task An_aspect_ratio_that_the_model_does_not_offer_is_refused(string ratio, string message)
    {
        await AssertRefusedAsync(
            Post($$"""{"prompt": "x", "aspect_ratio": {{ratio}}}""", NewKey()), 400, "IGA_BAD_REQUEST_ASPECT_RATIO", message);
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
    [InlineData("\"\\ud800\"", "unpaired surrogate")]
    [InlineData("\"dall-e-3\"", "names no image model")]
    [InlineData("\"gemini-9-image\"", "those are gemini-2.5-flash-image, gemini-3-pro-image")]
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

        using var response = await Client.SendAsync(Post("""{"prompt": "x"}""", key));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.False(response.Headers.Contains("Idempotent-Replayed"));
    }

    private static string Body(string prompt) => JsonSerializer.Serialize(new { prompt });
}
