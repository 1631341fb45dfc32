using System.Net;
using System.Net.Sockets;
using System.Text;
using Iga.Connections;
using Iga.LocalHost.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Connections;

/// <summary>A server behind a gate: GET answers much, POST reads the whole body first.</summary>
internal sealed class GatedServer : IAsyncDisposable
{
    public const string Get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    public const string SlowPost = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private static readonly byte[] Part = new byte[8 * 1024];

    private readonly WebApplication _app;
    private readonly int _port;
    private int _underWay;

    private GatedServer(WebApplication app, ConnectionGate gate)
    {
        (_app, Gate) = (app, gate);
        app.UseConnectionGate();
        app.Run(AnswerAsync);
        app.StartAsync().GetAwaiter().GetResult();
        _port = new Uri(app.Urls.Single()).Port;
    }

    public ConnectionGate Gate { get; }

    /// <summary>So many requests have begun and not ended.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    public static GatedServer Start(ConnectionGate gate, ConnectionTimeouts timeouts)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(FunctionServer.Configure).ConfigureKestrel(kestrel =>
        {
            timeouts.Apply(kestrel.Limits);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddConnectionGate(_ => gate);
        return new GatedServer(builder.Build(), gate);
    }

    public async Task<Socket> ConnectAsync(string send = "")
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(send));
        return socket;
    }

    /// <summary>Connects, and is done when the server has hung up.</summary>
    public async Task RefusesAsync()
    {
        try
        {
            using var tooMany = await ConnectAsync();
            await EndsAsync(tooMany);
        }
        catch (SocketException)
        {
            // Hung up at once.
        }
    }

    /// <summary>Takes or sends a little at a time until the server ends the connection.</summary>
    /// <param name="trickle">What is sent again and again, every tenth of a second; empty only reads as slowly.</param>
    public static async Task EndsAsync(Socket socket, string trickle = "")
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var some = new byte[128];
        try
        {
            while (trickle.Length > 0
                ? await socket.SendAsync(Encoding.ASCII.GetBytes(trickle), deadline.Token) > 0
                : await socket.ReceiveAsync(some, deadline.Token) > 0)
            {
                await Task.Delay(100, deadline.Token);
            }
        }
        catch (SocketException)
        {
            // A reset is an end, too.
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            for (var part = 0; part < (context.Request.Path == "/little" ? 1 : 2_000); part++)
            {
                await context.Response.BodyWriter.WriteAsync(Part, context.RequestAborted);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
