using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>Google's application default credentials, looked up at the first call that needs them.</summary>
internal sealed class ApplicationDefaultAuthorization(
    Func<CancellationToken, Task<GoogleCredential>> lookUp, TimeProvider time) : ICallAuthorization
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";

    // The lookup may ask a metadata server that is not there, and the first token is fetched over the network.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private Task<GoogleCredential>? _credential;

    public async Task AuthorizeAsync(
        HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken)
    {
        var scoped = await FindAsync(dependency, cancellationToken);
        try
        {
            // With headers: user credentials bring a quota project, without which Vertex AI refuses them.
            var token = await ((ITokenAccessWithHeaders)scoped)
                .GetAccessTokenWithHeadersForRequestAsync(request.RequestUri?.AbsoluteUri, cancellationToken)
                .WaitAsync(Timeout, time, cancellationToken);
            if (string.IsNullOrEmpty(token?.AccessToken))
            {
                throw new InvalidOperationException("the answer holds no token");
            }

            request.Headers.Authorization = new("Bearer", token.AccessToken);
            token.AddHeaders(request); // all but the token itself
        }
        catch (TokenResponseException exception) when ((int?)exception.StatusCode is null or >= 400 and < 500 and not (408 or 429))
        {
            throw new FailureException(
                dependency.DeniedKind,
                "Google does not accept the service's credentials; they may have been revoked. Its operator must check "
                + "GOOGLE_APPLICATION_CREDENTIALS.",
                innerException: exception);
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Also NullReferenceException, which the library throws when the answer is empty, as a proxy's bare 503 is.
            throw new FailureException(
                dependency.UnavailableKind, "Google did not issue an access token. Try again later.", isTransient: true,
                innerException: exception);
        }
    }

    private async Task<GoogleCredential> FindAsync(Dependency dependency, CancellationToken cancellationToken)
    {
        try
        {
            return await Credential().WaitAsync(Timeout, time, cancellationToken);
        }
        catch (Exception exception) when (
            exception is TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new FailureException(
                dependency.UnavailableKind, "Google's credentials could not be looked up in time. Try again later.",
                isTransient: true, innerException: exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The library throws whatever reading and parsing a file throws.
            throw new FailureException(
                dependency.DeniedKind,
                "The service has no usable Google credentials. Its operator must set GOOGLE_APPLICATION_CREDENTIALS to the "
                + "path of a service account's key file.",
                innerException: exception);
        }
    }

    // One lookup for all callers; a failed one is not kept.
    private Task<GoogleCredential> Credential()
    {
        lock (_gate)
        {
            return _credential is { IsFaulted: false, IsCanceled: false } ? _credential : _credential = LookUpAsync();
        }
    }

    private async Task<GoogleCredential> LookUpAsync() =>
        (await lookUp(CancellationToken.None)).CreateScoped(Scope);
}
