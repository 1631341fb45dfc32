namespace Iga.Tests.Models;

/// <summary>Stands in for the network where an address on https is needed; answers every request with 200 and <c>{}</c>.</summary>
internal sealed class CapturingHandler : HttpMessageHandler
{
    public List<(Uri? Address, string? Authorization)> Requests { get; } = [];

    /// <summary>Stands in every answer's header.</summary>
    public Uri? Location { get; init; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add((request.RequestUri, request.Headers.Authorization?.ToString()));
        return Task.FromResult(new HttpResponseMessage
        {
            Content = new StringContent("{}"),
            Headers = { Location = Location },
        });
    }
}
