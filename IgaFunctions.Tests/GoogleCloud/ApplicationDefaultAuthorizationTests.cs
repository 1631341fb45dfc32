using System.Net;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Iga.Faults;
using Iga.GoogleCloud;

namespace Iga.Tests.GoogleCloud;

public sealed class ApplicationDefaultAuthorizationTests : AuthorizationSuite
{
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
            Time);

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
            Time);
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
        var authorization = new ApplicationDefaultAuthorization(_ => throw new TaskCanceledException("after 100 s"), Time);

        Assert.Equal(FailureKind.ModelUnavailable, (await FailAsync(authorization, Dependency.Model)).Kind);
    }

    [Fact]
    public async Task A_lookup_that_hangs_ends_as_unavailable()
    {
        var authorization = new ApplicationDefaultAuthorization(_ => new TaskCompletionSource<GoogleCredential>().Task, Time);

        var call = FailAsync(authorization, Dependency.Model);
        Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal((FailureKind.ModelUnavailable, true), ((await call).Kind, (await call).IsTransient));
    }
}
