using System.Net;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Flows;
using Google.Apis.Auth.OAuth2.Responses;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.GoogleCloud;

public sealed class ApplicationDefaultAuthorizationTests
{
    private readonly TestTime _time = new();

    [Fact]
    public async Task The_credentials_are_looked_up_once_and_their_token_is_sent()
    {
        var lookups = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ =>
            {
                lookups++;
                return Task.FromResult(GoogleCredential.FromAccessToken("t0ken"));
            },
            _time);

        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
            await authorization.AuthorizeAsync(request, Dependency.Model, CancellationToken.None);
            Assert.Equal("Bearer t0ken", request.Headers.Authorization?.ToString());
        }

        Assert.Equal(1, lookups);
    }

    [Fact]
    public async Task Without_credentials_the_operator_is_told_which_variable_to_set()
    {
        var lookups = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ => ++lookups == 1
                ? throw new InvalidOperationException("nothing at /secret/key.json")
                : Task.FromResult(GoogleCredential.FromAccessToken("t0ken")),
            _time);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");

        var failure = await FailAsync(authorization, Dependency.Model);

        Assert.Equal((FailureKind.ModelRejectedRequest, false), (failure.Kind, failure.IsTransient));
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/secret", failure.Message, StringComparison.Ordinal);
        await authorization.AuthorizeAsync(request, Dependency.Model, CancellationToken.None);
        Assert.NotNull(request.Headers.Authorization);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_token_that_is_refused_is_unavailable_and_the_operator_reads_why(HttpStatusCode status)
    {
        var failure = await FailAsync(
            Answering(status, """{"error":"invalid_grant","error_description":"Invalid JWT of a@example.test"}"""), Dependency.ImageStore);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.IsType<TokenResponseException>(failure.InnerException);
        Assert.Contains("(invalid_grant)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("JWT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_no_answer_at_all_is_unavailable()
    {
        var authorization = Answering(HttpStatusCode.OK, "{}", Task.FromException(new HttpRequestException("refused")));

        Assert.Equal((FailureKind.ModelUnavailable, true), Kind(await FailAsync(authorization, Dependency.Model)));
    }

    [Fact]
    public async Task A_request_for_a_token_that_hangs_holds_up_only_those_that_came_meanwhile()
    {
        var release = new TaskCompletionSource();
        var lookups = 0;
        var authorization = new ApplicationDefaultAuthorization(
            _ => Task.FromResult(++lookups == 1
                ? AnswerFactory.Credential(HttpStatusCode.OK, "{}", release.Task)
                : GoogleCredential.FromAccessToken("t0ken")),
            _time);

        for (var wait = 0; wait < 2; wait++)
        {
            var call = FailAsync(authorization, Dependency.Model);
            _time.Advance(TimeSpan.FromSeconds(20));
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
            _time);
        var calls = Enumerable.Range(0, 50).Select(_ => FailAsync(authorization, Dependency.Model)).ToArray();
        _time.Advance(TimeSpan.FromSeconds(20));
        await Task.WhenAll(calls);

        var next = TokenAsync(authorization);
        _time.Advance(TimeSpan.FromSeconds(9));
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
            _time);
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
        var authorization = new ApplicationDefaultAuthorization(_ => Task.FromResult(user.ToGoogleCredential()), _time);

        Assert.Equal("old", await TokenAsync(authorization));
        authorization.Drop("old");

        Assert.Equal("new", await TokenAsync(authorization));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")] // the library throws a NullReferenceException
    [InlineData(HttpStatusCode.ServiceUnavailable, "<html>")]
    [InlineData(HttpStatusCode.OK, "")]
    [InlineData(HttpStatusCode.OK, "{}")] // the library returns null for a token
    [InlineData(HttpStatusCode.OK, "<html>")]
    public async Task An_answer_without_a_token_is_unavailable(HttpStatusCode status, string body)
    {
        var failure = await FailAsync(Answering(status, body), Dependency.ImageStore);

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_told_of_a_failure()
    {
        using var cancel = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
        var authorization = Answering(HttpStatusCode.OK, "{}", new TaskCompletionSource().Task);
        var call = authorization.AuthorizeAsync(request, Dependency.Model, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_lookup_that_gives_up_by_itself_is_unavailable()
    {
        var authorization = new ApplicationDefaultAuthorization(_ => throw new TaskCanceledException("after 100 s"), _time);

        Assert.Equal(FailureKind.ModelUnavailable, (await FailAsync(authorization, Dependency.Model)).Kind);
    }

    [Fact]
    public async Task A_lookup_that_hangs_ends_as_unavailable()
    {
        var authorization = new ApplicationDefaultAuthorization(_ => new TaskCompletionSource<GoogleCredential>().Task, _time);

        var call = FailAsync(authorization, Dependency.Model);
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((FailureKind.ModelUnavailable, true), ((await call).Kind, (await call).IsTransient));
    }

    /// <summary>The library asks Google for a token through this client, and Google answers so.</summary>
    private ApplicationDefaultAuthorization Answering(HttpStatusCode status, string body, Task? after = null) =>
        new(_ => Task.FromResult(AnswerFactory.Credential(status, body, after)), _time);

    private static (string Kind, bool IsTransient) Kind(FailureException failure) => (failure.Kind, failure.IsTransient);

    private static async Task<string> TokenAsync(ApplicationDefaultAuthorization authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
        await authorization.AuthorizeAsync(request, Dependency.Model, CancellationToken.None);
        return request.Headers.Authorization!.Parameter!;
    }

    private static async Task<FailureException> FailAsync(ApplicationDefaultAuthorization authorization, Dependency dependency)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
        return await Assert.ThrowsAsync<FailureException>(
            () => authorization.AuthorizeAsync(request, dependency, CancellationToken.None));
    }
}
