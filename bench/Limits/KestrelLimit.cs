using System.CommandLine;
using System.Net;
using Iga.Bench.Load;
using Iga.Bench.Measures;
using Iga.Bench.Reports;
using Iga.Bench.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Results = Iga.Bench.Reports.Results;

namespace Iga.Bench.Limits;

/// <summary>What Kestrel alone answers, in a process of its own, to the same requests.</summary>
internal sealed class KestrelLimit : IMeasure
{
    private const string Verb = "kestrel";

    public string Name => "kestrel";

    public bool Concerns(IStack stack) => stack is OwnStack { IsFirst: true };

    /// <summary>The verb that the measure starts itself with.</summary>
    public static Command Command()
    {
        var port = new Argument<int>("port");
        var command = new Command(Verb, "Answers every request with 202 and a fixed body.") { port };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => ServeAsync(parsed.GetValue(port), cancellationToken));
        return command;
    }

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        var port = Lab.FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        using var child = Child.Start(
            [LocalHostProgram.DotNet, typeof(KestrelLimit).Assembly.Location, Verb, $"{port}"],
            new Dictionary<string, string>(), lab.NewLog("kestrel"));
        var post = Requests.Post("bench");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await RunAsync(32, settings.Amount(20_000, 50));
                break;
            }
            catch (System.Net.Sockets.SocketException) when (attempt < 500)
            {
                await Task.Delay(20, cancellationToken);
            }
        }

        foreach (var clients in AcceptMeasure.Clients)
        {
            var load = await RunAsync(clients, settings.Amount(60_000, 100));
            results.Add(PostgresLimit.Title, "Kestrel alone", $"POSTs with {clients} clients", Unit.PerSecond, load.Rate);
        }

        async Task<LoadResult> RunAsync(int clients, int requests) => (await LoadGenerator.RunAsync(
            address, new LoadOptions(clients, requests, TimeSpan.FromSeconds(3)), _ => post, 202, null, cancellationToken))
            .ThrowOnErrors("Kestrel alone");
    }

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
