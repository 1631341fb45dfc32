using System.Net;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Flows;
using Google.Apis.Auth.OAuth2.Responses;
using Iga.Faults;
using Iga.GoogleCloud;

namespace Iga.Tests.GoogleCloud;

/// <summary>A new token, after one was refused, and from an endpoint that is slow or hangs.</summary>
public sealed class NewTokenTests : AuthorizationSuite
{
    [Fact]
    public async Task A_request_for_a_token_that_hangs_holds_up_only_those_that_came_meanwhile()
    {
        var release = new TaskCompletionSource();
        var lookups = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ => Task.FromResult(++lookups == 1
                ? AnswerFactory.Credential(HttpStatusCode.OK, "{}", release.Task)
                : GoogleCredential.FromAccessToken("t0ken")),
            Time);

        for (var wait = 0; wait < 2; wait++)
        {
            var call = FailAsync(authorization, Dependency.Model);
            Time.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal((FailureKind.ModelUnavailable, true), Kind(await call));
        }

        Assert.Equal("t0ken", await TokenAsync(authorization));
        release.SetResult();
    }

    [Fact]
    public async Task An_endpoint_that_takes_longer_for_a_token_than_a_call_waits_is_asked_once_and_heard()
    {
        var release = new TaskCompletionSource();
        var lookups = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ =>
            {
                lookups++;
                return Task.FromResult(AnswerFactory.Credential(
                    HttpStatusCode.OK, """{"access_token":"late","expires_in":3600}""", release.Task));
            },
            Time);
        var calls = Enumerable.Range(0, 50).Select(_ => FailAsync(authorization, Dependency.Model)).ToArray();
        Time.Advance(TimeSpan.FromSeconds(20));
        await Task.WhenAll(calls);

        var next = TokenAsync(authorization);
        Time.Advance(TimeSpan.FromSeconds(9));
        release.SetResult();

        Assert.Equal(("late", 1), (await next, lookups));
    }

    [Fact]
    public async Task Of_many_calls_whose_token_was_refused_the_first_drops_it_and_a_newer_one_stays()
    {
        var issued = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ => Task.FromResult(AnswerFactory.Credential(
                HttpStatusCode.OK, $$"""{"access_token":"token-{{++issued}}","expires_in":3600}""")),
            Time);
        var first = await TokenAsync(authorization);

        for (var call = 0; call < 5; call++)
        {
            authorization.Drop(first);
            Assert.Equal("token-2", await TokenAsync(authorization));
        }

        Assert.Equal(("token-1", 2), (first, issued));
    }

    [Fact]
    public async Task User_credentials_too_fetch_a_new_token_after_one_was_dropped()
    {
        using var flow = new GoogleAuthorizationCodeFlow(new GoogleAuthorizationCodeFlow.Initializer
        {
            ClientSecrets = new() { ClientId = "id", ClientSecret = "secret" },
            HttpClientFactory = new AnswerFactory(
                HttpStatusCode.OK, """{"access_token":"new","expires_in":3600}""", Task.CompletedTask),
        });
        var user = new UserCredential(flow, "user", new TokenResponse
        {
            AccessToken = "old",
            RefreshToken = "refresh",
            ExpiresInSeconds = 3600,
            IssuedUtc = DateTime.UtcNow,
        });
        var authorization = new ApplicationDefaultAuthorization(_ => Task.FromResult(user.ToGoogleCredential()), Time);

        Assert.Equal("old", await TokenAsync(authorization));
        authorization.Drop("old");

        Assert.Equal("new", await TokenAsync(authorization));
    }
}
