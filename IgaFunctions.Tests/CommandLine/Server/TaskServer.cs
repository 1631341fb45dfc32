using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.CommandLine.Server;

/// <summary>A service on a free port that gives its answers in turn, the last one for good, and remembers what it was asked.</summary>
internal sealed class TaskServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers;

    private TaskServer(WebApplication app, IEnumerable<Func<HttpContext, Task>> answers) => (_app, _answers) = (app, new(answers));

    /// <summary>Method, path and query; the API key; Last-Event-ID.</summary>
    public ConcurrentQueue<(string What, string? Key, string? LastEventId)> Requests { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<TaskServer> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new TaskServer(app, answers);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public static Func<HttpContext, Task> Json(int status, string body) => context => WriteAsync(context, status, "application/json", body);

    public static Func<HttpContext, Task> Text(string contentType, string body) => context => WriteAsync(context, 200, contentType, body);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, contentType);
        await context.Response.WriteAsync(body);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue(($"{request.Method} {request.Path}{request.QueryString}", request.Headers["x-functions-key"], request.Headers["Last-Event-ID"]));
        return (_answers.Count > 1 && _answers.TryDequeue(out var answer)) || _answers.TryPeek(out answer) ? answer(context) : Task.CompletedTask;
    }
}
