using System.Net.Http.Headers;
using System.Net.Sockets;
using Iga.Bucket;
using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>How Google's APIs are spoken to over plain HTTP.</summary>
internal static class GoogleHttp
{
    /// <summary>
    /// As many bytes of answers wait in the kernel until they are read, of one and of all connections. By itself it would take whole
    /// pictures, and 2,000 of them fill what it has for all sockets together: then it drops what arrives, on every connection.
    /// </summary>
    private const int Unread = 256 * 1024;

    private const int UnreadOfAll = 512 << 20;

    /// <summary>So many connections may be open to the bucket: those of all uploads, and of what is read and looked for meanwhile.</summary>
    public const int BucketConnections = GcsImageStore.UploadsAtOnce + 32;

    /// <param name="wire">Made by <see cref="CreateHandler"/>; the client disposes it.</param>
    /// <inheritdoc cref="AuthorizedHandler" path="/param"/>
    public static HttpClient CreateClient(HttpMessageHandler wire, Dependency dependency, ICallAuthorization authorization) =>
        new(new AuthorizedHandler(wire, dependency, authorization))
        {
            Timeout = Timeout.InfiniteTimeSpan, // the pipelines time every attempt
        };

    /// <param name="isEmulator">An emulator is reached directly, whatever proxy the environment names.</param>
    /// <param name="mostConnections">Null where the host bounds the requests, and does not say how many it lets through.</param>
    public static SocketsHttpHandler CreateHandler(bool isEmulator, int? mostConnections = null) => new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change in DNS is noticed
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        MaxConnectionsPerServer = mostConnections ?? int.MaxValue,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AllowAutoRedirect = false, // a redirect would take the token to an address that nobody configured
        UseCookies = false,
        UseProxy = !isEmulator,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, UnreadOf(mostConnections), cancellationToken),
    };

    /// <returns>The address of a resource below the base address; the path is escaped already.</returns>
    public static Uri Resource(Uri endpoint, string path) =>
        new($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");

    /// <returns>
    /// The Retry-After, given in seconds or as a date, as a time from now; never negative. A date is read against the answer's own,
    /// since our clock may differ from the clock that both come from.
    /// </returns>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers, TimeProvider time)
    {
        var wait = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (headers.Date ?? time.GetUtcNow()),
            _ => (TimeSpan?)null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Bytes of one answer that wait in the kernel.</summary>
    internal static int UnreadOf(int? connections) => Math.Min(Unread, UnreadOfAll / (connections ?? 1));

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, int unread, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = unread };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
