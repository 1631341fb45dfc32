using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Iga.Tests.GoogleCloud;
using Iga.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Webhooks;

/// <summary>A receiver on https, for clients to whom its name is said to lead to this machine, and that trust its authority.</summary>
internal sealed class TlsReceiver : IAsyncDisposable
{
    public const string Host = "hooks.example.com";

    private readonly TestAuthority _authority;
    private readonly WebApplication _app;

    private TlsReceiver(TestAuthority authority, WebApplication app) => (_authority, _app) = (authority, app);

    public int Port { get; private set; }

    /// <summary>The names that clients asked for in the handshake, one for each connection.</summary>
    public ConcurrentQueue<string?> Asked { get; } = [];

    /// <summary>The headers of each POST.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Received { get; } = [];

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Url => $"https://{Host}:{Port}/hook";

    /// <param name="certifiedName">Of its certificate.</param>
    public static async Task<TlsReceiver> StartAsync(string certifiedName = Host)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        TlsReceiver? receiver = null;
        var authority = new TestAuthority(certifiedName);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, name) =>
            {
                receiver!.Asked.Enqueue(name);
                return authority.Localhost;
            })));
        var app = builder.Build();
        receiver = new TlsReceiver(authority, app);
        app.Run(context =>
        {
            receiver.Received.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()));
            return receiver.Answer(context);
        });
        await app.StartAsync();
        receiver.Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return receiver;
    }

    /// <param name="name">What is looked up to find it.</param>
    public WebhookClient NewClient(TimeProvider time, CheckedConnector name)
    {
        string[] origins = [$"https://{Host}:{Port}"];
        return new WebhookClient(new WebhookOptions([new byte[32]], origins.ToFrozenSet()), time, name, _authority.ClientOptions);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _authority.Dispose();
    }
}
