namespace Iga.Tests.Models;

/// <summary>Counts the answers whose headers have arrived, whether or not anyone reads their bodies.</summary>
internal sealed class HeadersCounter() : DelegatingHandler(new SocketsHttpHandler())
{
    private int arrived;

    public int Arrived => Volatile.Read(ref arrived);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        Interlocked.Increment(ref arrived);
        return response;
    }
}
