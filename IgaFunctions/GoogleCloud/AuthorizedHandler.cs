using System.Net;
using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>
/// Proves who is calling on every request over https; plain http leads to an emulator, which needs no proof. A token that is
/// refused although its time is not over (its key was rotated, it was revoked, a clock is wrong) is dropped, and the request is
/// sent once more with a new one.
/// </summary>
/// <param name="dependency">Who is called; decides the kind of a failure.</param>
internal sealed class AuthorizedHandler(HttpMessageHandler wire, Dependency dependency, ICallAuthorization authorization)
    : DelegatingHandler(wire)
{
    // All content that the service sends can be sent again: it is in memory, or a stream that can be set back to its start.
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri?.Scheme == Uri.UriSchemeHttp)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        await authorization.AuthorizeAsync(request, dependency, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || request.Headers.Authorization?.Parameter is not { } refused)
        {
            return response;
        }

        response.Dispose();
        authorization.Drop(refused);
        await authorization.AuthorizeAsync(request, dependency, cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
