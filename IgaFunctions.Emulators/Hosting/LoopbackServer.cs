using System.Net;
using System.Text.Json;
using Iga.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Iga.Emulators.Hosting;

/// <summary>A quiet HTTP server on a loopback address, with one handler for every request.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    /// <summary>
    /// A client that reads nothing for so long has gone. The service reads a few answers at a time, and the others wait for their
    /// turn until their call times out.
    /// </summary>
    private static readonly TimeSpan LongestUnread = TimeSpan.FromMinutes(5);

    private static readonly ConnectionTimeouts Timeouts =
        ConnectionTimeouts.OfService with { Answer = new(bytesPerSecond: 240, gracePeriod: LongestUnread) };

    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    /// <summary>The base address, with the port that was really bound; ends in a slash.</summary>
    public Uri Address { get; private set; } = new("http://localhost/");

    /// <param name="host">A loopback address or <c>localhost</c>.</param>
    /// <param name="port">0 is any free port.</param>
    /// <param name="maxConnections">So many may be open at once.</param>
    /// <param name="allowedHosts">Names that requests may be addressed to, besides localhost and addresses.</param>
    /// <param name="writeError">The service's form of an error.</param>
    /// <exception cref="ArgumentException">The host is not a loopback address.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<LoopbackServer> StartAsync(
        string host, int port, int maxConnections, IReadOnlyCollection<string> allowedHosts, RequestDelegate handle,
        Action<Utf8JsonWriter, ApiException> writeError,
        CancellationToken cancellationToken)
    {
        var address = Loopback(host);
        // The empty builder: no configuration from files or the environment, no logging.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromMilliseconds(500));
        // A write returns when its bytes have left, so that a fault inside a body strikes where it was told to.
        builder.Services.Configure<SocketTransportOptions>(o => o.MaxWriteBufferSize = 1);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowResponseHeaderCompression = false;
            kestrel.Limits.MaxRequestBodySize = null;
            Timeouts.Apply(kestrel.Limits);

            // A flush ends when the bytes have left: a reset that comes after it must not overtake them.
            kestrel.Limits.MaxResponseBufferSize = 0;
            kestrel.Listen(address, port);
        });
        builder.Services.AddConnectionGate(_ => new ConnectionGate(maxConnections, TimeProvider.System));
        var app = builder.Build();
        app.UseConnectionGate();
        var guard = new PageGuard(allowedHosts);
        app.Run(context => AnswerAsync(context, guard, handle, writeError));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        return new LoopbackServer(app) { Address = new Uri(bound.Addresses.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Says when to come back, where the error says so.</summary>
    public static void SetRetryAfter(HttpResponse response, ApiException error)
    {
        if (error.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (error.RetryAfterDate is { } later)
        {
            var now = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1);
            response.Headers.Date = now.ToString("r");
            response.Headers.RetryAfter = (now + TimeSpan.FromSeconds(later)).ToString("r");
        }
    }

    private static IPAddress Loopback(string host)
    {
        var address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var parsed) ? parsed
            : null;
        return address is not null && IPAddress.IsLoopback(address)
            ? address
            : throw new ArgumentException(
                $"\"{host}\" is not a loopback address; an emulator has no access control and listens on loopback only");
    }

    private static async Task AnswerAsync(
        HttpContext context, PageGuard guard, RequestDelegate handle, Action<Utf8JsonWriter, ApiException> writeError)
    {
        // A HEAD is answered like a GET; the server leaves the body out.
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        try
        {
            guard.Check(context.Request);
            await handle(context);
        }
        catch (Exception exception) when (exception is ConnectionEndedException || context.RequestAborted.IsCancellationRequested)
        {
            // A fault ended the connection, or the client did; nobody is there to be answered.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var error = exception switch
            {
                ApiException api => api,
                BadHttpRequestException bad => new ApiException(bad.StatusCode, message: bad.Message),
                InvalidDataException => new ApiException(400, message: "The body can't be unpacked: its Content-Encoding says gzip, and it is not."),
                _ => Unforeseen(exception),
            };
            context.Response.Clear();
            SetRetryAfter(context.Response, error);
            await JsonAnswer.SendAsync(context, error.Status, json => writeError(json, error));
        }
    }

    /// <summary>An error of the emulator's own: the caller is told of it, and whoever runs it can see where.</summary>
    private static ApiException Unforeseen(Exception exception)
    {
        Console.Error.WriteLine(exception);
        return new(500, message: "the emulator failed; what it wrote to its standard error says where");
    }

    /// <summary>The process belongs to whoever started the emulator: its signals are none of the emulator's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
