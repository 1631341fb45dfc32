using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Iga.Bench.Load;
using Iga.Bench.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Iga.Bench.Limits;

/// <summary>Kestrel and nothing else, in a process of its own: it answers every request with the same words.</summary>
internal sealed class BareKestrel : IDisposable
{
    private const string Verb = "kestrel";

    private readonly Child _child;

    private BareKestrel(Child child, Uri address) => (_child, Address) = (child, address);

    public Uri Address { get; }

    /// <summary>The verb that this program starts itself with.</summary>
    public static Command Command()
    {
        var port = new Argument<int>("port");
        var command = new Command(Verb, "Answers every request with 202 and a fixed body.") { port };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => ServeAsync(parsed.GetValue(port), cancellationToken));
        return command;
    }

    public static async Task<BareKestrel> StartAsync(Lab lab, CancellationToken cancellationToken)
    {
        var port = Lab.FreePort();
        var kestrel = new BareKestrel(
            Child.Start(
                [LocalHostProgram.DotNet, typeof(BareKestrel).Assembly.Location, Verb, $"{port}"], new Dictionary<string, string>(),
                lab.NewLog("kestrel")),
            new Uri($"http://127.0.0.1:{port}"));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var line = new HttpLine(kestrel.Address);
                await line.ConnectAsync(cancellationToken);
                return kestrel;
            }
            catch (SocketException) when (attempt < 500)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    public void Dispose() => _child.Dispose();

    private static async Task<int> ServeAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        var body = """{"message":"Image generation task accepted.","task_id":"01a20dec-346d-7359-ab99-3e98f38ccc5a"}"""u8.ToArray();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        await app.StartAsync(cancellationToken);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
