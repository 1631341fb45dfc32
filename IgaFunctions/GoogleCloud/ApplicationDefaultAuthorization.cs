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

    // The token that _credential gave last.
    private string? _current;

    // When a caller first gave up waiting for the token that _credential is asking for.
    private long? _slowSince;

    public async Task AuthorizeAsync(
        HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken)
    {
        var credential = Credential();
        var scoped = await FindAsync(credential, dependency, cancellationToken);
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

            Remember(credential, token.AccessToken);
            request.Headers.Authorization = new("Bearer", token.AccessToken);
            foreach (var name in token.Headers?.Keys ?? [])
            {
                request.Headers.Remove(name); // of the token before, where the request is sent again
            }

            token.AddHeaders(request); // all but the token itself
        }
        catch (Exception exception) when (
            exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: a refusal too can be a proxy's, or be cured while a paid picture waits. Also NullReferenceException,
            // which the library throws when the answer is empty.
            Forget(credential, isSlow: exception is TimeoutException);
            throw new FailureException(
                dependency.UnavailableKind,
                $"Google did not issue an access token{Code(exception)}. Try again later. If it lasts, the service's operator must "
                + "check GOOGLE_APPLICATION_CREDENTIALS.",
                isTransient: true,
                innerException: exception);
        }
    }

    public void Drop(string token)
    {
        lock (_gate)
        {
            // Of the calls that meet the refusal at the same time, the first has dropped it already.
            if (token != _current)
            {
                return;
            }

            // User credentials are the same object at every lookup, and keep their token.
            if (_credential is { IsCompletedSuccessfully: true, Result.UnderlyingCredential: UserCredential user })
            {
                user.Token = new TokenResponse { RefreshToken = user.Token?.RefreshToken };
            }

            (_credential, _current, _slowSince) = (null, null, null);
        }
    }

    private async Task<GoogleCredential> FindAsync(
        Task<GoogleCredential> credential, Dependency dependency, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.WaitAsync(Timeout, time, cancellationToken);
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

    // Credentials with a scope are a copy of their own, which fetches a token of its own.
    private async Task<GoogleCredential> LookUpAsync() =>
        (await lookUp(CancellationToken.None)).CreateScoped(Scope);

    private void Remember(Task<GoogleCredential> credential, string token)
    {
        lock (_gate)
        {
            (_current, _slowSince) = _credential == credential ? (token, null) : (_current, _slowSince);
        }
    }

    /// <summary>The next call begins anew, and does not wait for a request for a token that hangs.</summary>
    /// <param name="isSlow">
    /// There is no answer yet. The next calls wait for the same one then, so that a slow endpoint is asked once; but not for long.
    /// </param>
    private void Forget(Task<GoogleCredential> credential, bool isSlow)
    {
        lock (_gate)
        {
            if (_credential != credential)
            {
                return;
            }

            _slowSince ??= time.GetTimestamp();
            if (!isSlow || time.GetElapsedTime(_slowSince.Value) >= Timeout)
            {
                (_credential, _current, _slowSince) = (null, null, null);
            }
        }
    }

    // The standard's codes, such as invalid_grant; nothing else of an answer whose writer is not known.
    private static string Code(Exception exception) =>
        exception is TokenResponseException { Error.Error: { Length: > 0 and <= 40 } code }
            && code.All(c => char.IsAsciiLetterLower(c) || c == '_')
            ? $" ({code})" : "";
}
