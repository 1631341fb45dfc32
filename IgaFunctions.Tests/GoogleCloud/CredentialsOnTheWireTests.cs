using Iga.Tests.Fixtures;

namespace Iga.Tests.GoogleCloud;

/// <summary>What becomes of tasks whose token is refused, or that get none.</summary>
public sealed class CredentialsOnTheWireTests(ServiceOnGoogle service) : IClassFixture<ServiceOnGoogle>
{
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private readonly GoogleGate _google = service.Google;

    [Theory]
    [InlineData("/v1/projects/")] // before the picture is made
    [InlineData("/upload/")] // when it is paid for
    public async Task A_token_that_is_refused_is_renewed_and_the_picture_is_paid_for_once(string revokedAt)
    {
        await SucceedsAsync();
        var (issued, refused, made) = (_google.Issued, _google.Refused.Count, service.Vertex.ImagesMade);
        _google.OnRequest = path =>
        {
            if (path.StartsWith(revokedAt, StringComparison.Ordinal))
            {
                _google.OnRequest = _ => { };
                _google.Revoke();
            }
        };

        await SucceedsAsync();

        Assert.Equal((1, 1, 1), (_google.Issued - issued, _google.Refused.Count - refused, service.Vertex.ImagesMade - made));
    }

    [Theory]
    [InlineData(503, "")]
    [InlineData(200, "{}")]
    [InlineData(400, """{"error":"invalid_grant"}""")]
    public async Task An_endpoint_for_tokens_that_gives_none_is_waited_out(int status, string body)
    {
        var made = service.Vertex.ImagesMade;
        _google.TokenFault = (status, body);
        _google.Revoke();
        var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt });
        await service.Client.WaitAsync(id, "RETRY");

        _google.TokenFault = null;
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(id)).GetProperty("status").GetString());

        // Nothing was ever sent without a token.
        Assert.All(_google.Refused, token => Assert.StartsWith("Bearer token-", token, StringComparison.Ordinal));
        Assert.Equal(1, service.Vertex.ImagesMade - made);
    }

    private async Task SucceedsAsync()
    {
        var body = await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = _prompt });
        Assert.True(body.GetProperty("status").GetString() == "SUCCESS", body.ToString());
    }
}
