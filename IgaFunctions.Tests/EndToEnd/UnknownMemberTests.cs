using System.Net;
using System.Text;
using Iga.GenerateImage;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What a body says beyond its fields is ignored, however it looks, and named in the answer.</summary>
public class UnknownMemberTests(Service service)
{
    [Theory]
    [InlineData(63, '[', ']', true)]
    [InlineData(63, '{', '}', true)]
    [InlineData(64, '[', ']', false)]
    [InlineData(64, '{', '}', false)]
    [InlineData(131_000, '[', ']', false)]
    public async Task A_member_may_be_nested_as_long_as_the_body_is_no_deeper_than_64_levels(int depth, char open, char close, bool isTaken)
    {
        var nested = open == '{'
            ? string.Concat(Enumerable.Repeat("{\"n\":", depth)) + 1 + new string(close, depth)
            : new string(open, depth) + new string(close, depth);

        using var response = await PostAsync($$"""{"prompt": "x", "y": {{nested}}}""");

        if (isTaken)
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            Assert.Equal(["y"], response.Headers.GetValues(IgnoredFields.HeaderName));
        }
        else
        {
            await AssertRefusedAsync(response, "IGA_INVALID_PAYLOAD", "nested more than 64 levels deep");
        }
    }

    [Theory]
    [InlineData("""{"prompt": "x", "prompt": "x"}""", "prompt")]
    [InlineData("""{"prompt": "x", "pr\u006fmpt": "y"}""", "prompt")]
    [InlineData("""{"other": 1, "prompt": "x", "other": {}}""", "other")]
    [InlineData("""{"prompt": "x", "a\ud83d\ude00": 1, "a😀": 1}""", "a?")]
    [InlineData("""{"prompt": "x", "b\ud800": 1, "b\uD800": 1}""", "b?")]
    public async Task A_member_that_is_given_twice_is_an_error_that_names_it(string body, string named)
    {
        using var response = await PostAsync(body);

        await AssertRefusedAsync(response, "IGA_MALFORMED_JSON", $"the member {named} more than once");
    }

    [Theory]
    [InlineData(99, "m", true)]
    [InlineData(100, "m", false)]
    [InlineData(15_000, "\\ud800", false)]
    public async Task A_body_has_a_hundred_members_at_most(int beside, string name, bool isTaken)
    {
        using var response = await PostAsync(
            $$"""{"prompt": "x"{{string.Concat(Enumerable.Range(0, beside).Select(n => $", \"{name}{n}\": 1"))}}}""");

        if (isTaken)
        {
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
        else
        {
            await AssertRefusedAsync(response, "IGA_INVALID_PAYLOAD", "more than 100 members");
        }
    }

    [Theory]
    [InlineData("""{"prompt": "x"}""", null)]
    [InlineData("""{"prompt": "x", "aspect_ratio": null, "model_id_override": null, "add_watermark": null}""", null)]
    [InlineData("""{"style": {"a": 1, "a": 2}, "prompt": "x", "n": 2}""", "style, n")]
    [InlineData("""{"prompt": "x", "Prompt": "x", "": 1, "8": 1}""", "Prompt, \"\", \"8\"")]
    [InlineData("""{"prompt": "x", "a, b": 1, "q\"\\": 1, "a\r\nX: y": 1, "für": 1}""", "\"a, b\", \"q\\\"\\\\\", \"a??X: y\", \"f?r\"")]
    [InlineData("""{"prompt": "x", "\ud800": 1, "\uD83D\uDE00": 1, "a\ud801": 1}""", "\"?\", \"?\", \"a?\"")]
    public async Task Unknown_members_are_named_so_that_a_header_can_hold_them(string body, string? expected)
    {
        using var response = await PostAsync(body);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        response.Headers.TryGetValues(IgnoredFields.HeaderName, out var named);
        Assert.Equal(expected, named?.Single());
    }

    [Fact]
    public async Task A_replay_names_them_too_and_the_header_stays_small()
    {
        var body = $$"""{"prompt": "x", "{{new string('l', 1000)}}": 1{{string.Concat(Enumerable.Range(0, 90).Select(n => $", \"m{n}\": 1"))}}}""";
        var key = Caller.NewKey();
        using var first = await PostAsync(body, key);
        using var replay = await PostAsync(body, key);

        Assert.True(replay.Headers.Contains("Idempotent-Replayed"));
        var named = replay.Headers.GetValues(IgnoredFields.HeaderName).Single().Split(", ");
        Assert.Equal(first.Headers.GetValues(IgnoredFields.HeaderName).Single().Split(", "), named);
        Assert.Equal([new string('l', 64), .. Enumerable.Range(0, 19).Select(n => $"m{n}"), "*"], named);
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string code, string message)
    {
        var said = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"error_code\":\"{code}\"", said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Idempotency-Key", key ?? Caller.NewKey());
        return service.Client.SendAsync(request);
    }
}
