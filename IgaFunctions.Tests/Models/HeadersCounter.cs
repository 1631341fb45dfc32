namespace Iga.Tests.Models;

/// <summary>Counts the answers whose headers have arrived, whether or not anyone reads their bodies.</summary>
internal sealed class HeadersCounter() : DelegatingHandler(new SocketsHttpHandler())
{
    private int _arrived;

    public int Arrived => Volatile.Read(ref _arrived);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        Interlocked.Increment(ref _arrived);
        return response;
    }
}
