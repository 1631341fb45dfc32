using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Iga.Connections;

/// <summary>After how long a server ends a connection that does nothing, or not enough.</summary>
/// <param name="Idle">Without a request: from when it was opened, or from the last answer.</param>
/// <param name="Headers">For a request's line and headers, from their first byte.</param>
/// <param name="Body">The slowest pace at which a request's body may come.</param>
/// <param name="Answer">The slowest pace at which an answer may be taken.</param>
public sealed record ConnectionTimeouts(TimeSpan Idle, TimeSpan Headers, MinDataRate? Body, MinDataRate? Answer)
{
    /// <summary>
    /// Of a service. Callers poll every 5 s, so that their connection lasts from poll to poll. The largest body (256 KiB) has
    /// to come within about the 30 s that a caller waits for its answer, and a small one may take 10 s. Answers have a few KB.
    /// </summary>
    public static readonly ConnectionTimeouts OfService =
        new(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10), Slowest(8), Slowest(32));

    public void Apply(KestrelServerLimits limits)
    {
        limits.KeepAliveTimeout = Idle;
        limits.RequestHeadersTimeout = Headers;
        limits.MinRequestBodyDataRate = Body;
        limits.MinResponseDataRate = Answer;
    }

    private static MinDataRate Slowest(int kilobytesPerSecond) => new(kilobytesPerSecond * 1024, gracePeriod: TimeSpan.FromSeconds(10));
}
