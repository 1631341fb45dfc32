using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Fixtures;

/// <summary>A receiver of webhooks on this machine, which answers as it is told to.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string OldSecret = "whsec_" + "b2xkIGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzISE=";
    public const string NewSecret = "whsec_" + "bmV3IGtleSBvZiB0aGUgdGVzdHMsIDMyIGJ5dGVzISE=";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedWebhook> _received = [];
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _scripts = [];

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>As IGA_WEBHOOK_HOSTS names it.</summary>
    public string Origin => $"http://localhost:{new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>What a service needs to send webhooks here.</summary>
    public void AddTo(Dictionary<string, string?> settings)
    {
        settings["IGA_WEBHOOK_SECRET"] = $"{NewSecret},{OldSecret}";
        settings["IGA_WEBHOOK_HOSTS"] = Origin;
    }

    /// <param name="statuses">Of the first answers; further ones are 204.</param>
    public string NewUrl(params int[] statuses)
    {
        var left = new ConcurrentQueue<int>(statuses);
        return NewUrl(context =>
        {
            context.Response.StatusCode = left.TryDequeue(out var status) ? status : StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
    }

    public string NewUrl(Func<HttpContext, Task> answer)
    {
        var path = $"/hooks/{Guid.NewGuid():N}";
        _scripts[path] = answer;
        return $"{Origin}{path}?token=of-the-receiver";
    }

    public ReceivedWebhook[] Of(string url) => [.. _received.Where(webhook => url.StartsWith(Origin + webhook.Path, StringComparison.Ordinal))];

    /// <returns>All that came, once so many have.</returns>
    public async Task<ReceivedWebhook[]> WaitAsync(string url, int count = 1)
    {
        await Eventually.Async(() => Of(url).Length >= count, TimeSpan.FromSeconds(90), $"{count} webhooks");
        return Of(url);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue(new ReceivedWebhook(
            context.Request.Path, context.Request.QueryString.Value!, context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
        if (_scripts.TryGetValue(context.Request.Path, out var answer))
        {
            await answer(context);
        }
    }
}
