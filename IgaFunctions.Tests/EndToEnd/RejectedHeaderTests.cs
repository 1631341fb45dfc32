using System.Net;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Every row of the contract's table of refused requests that is about the headers, as a caller sees it.</summary>
public class RejectedHeaderTests(Service service) : RejectedRequests(service)
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
        using var accepted = await Client.SendAsync(Post("""{"prompt": "x"}""", longest));
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);

        await AssertRefusedAsync(Post("""{"prompt": "x"}""", longest + "k"), 400, "IGA_INVALID_IDEMPOTENCY_KEY", "256 characters");
    }

    [Theory]
    [InlineData("schlüssel")]
    [InlineData("key\twith tab")]
    public async Task A_key_that_is_not_printable_ascii_is_refused(string key)
    {
        Assert.SkipWhen(
            IsOnFunctions && !System.Text.Ascii.IsValid(key),
            "The Functions host answers 500 to a header that is not ASCII, before the app sees it.");
        (var status, var body) = await RawHttp.PostAsync(Client, $"X-Idempotency-Key: {key}");
        AssertError(status, body, 400, "IGA_INVALID_IDEMPOTENCY_KEY", "printable ASCII");
    }

    [Fact]
    public async Task Two_different_keys_are_refused_and_the_same_key_twice_is_one_key()
    {
        Assert.SkipWhen(
            IsOnFunctions, "The Functions host joins the values of a header that is given twice into one.");
        (var status, var body) = await RawHttp.PostAsync(
            Client, "X-Idempotency-Key: one", "x-idempotency-key: two");
        AssertError(status, body, 400, "IGA_INVALID_IDEMPOTENCY_KEY", "more than once");

        var key = NewKey();
        (status, body) = await RawHttp.PostAsync(Client, $"X-Idempotency-Key: {key}", $"X-Idempotency-Key: {key}");
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
}
