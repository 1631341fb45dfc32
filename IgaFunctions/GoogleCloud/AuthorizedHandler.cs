using System.Net;
using System.Net.Sockets;
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
            return await SendOnceAsync(request, cancellationToken);
        }

        await authorization.AuthorizeAsync(request, dependency, cancellationToken);
        var response = await SendOnceAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || request.Headers.Authorization?.Parameter is not { } refused)
        {
            return response;
        }

        response.Dispose();
        authorization.Drop(refused);
        await authorization.AuthorizeAsync(request, dependency, cancellationToken);
        return await SendOnceAsync(request, cancellationToken);
    }

    /// <summary>
    /// A connection that is reset as soon as it is made comes out of .NET 10 as the socket's own exception, which says no more than
    /// any other break.
    /// </summary>
    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException reset)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, reset.Message, reset);
        }
    }
}
