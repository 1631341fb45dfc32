using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.CommandLine;

/// <summary>A service on a free port that answers as it is told to.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string Body)> _posts;
    private readonly ConcurrentQueue<(int Status, string Body)> _polls;

    private FakeService(WebApplication app, IEnumerable<(int, string)> posts, IEnumerable<(int, string)> polls)
    {
        (_app, _posts, _polls) = (app, new(posts), new(polls));
    }

    public ConcurrentQueue<(string? Key, string? ApiKey, string Body)> Requests { get; } = new();

    /// <summary>What GET of a task's image answers with, after so many failures.</summary>
    public byte[] Picture { get; set; } = [];

    public int DownloadFailures { get; set; }

    public Uri Address => new(_app.Urls.Single());

    /// <param name="posts">The answers to POST /generate_image, one each.</param>
    /// <param name="polls">The answers to GET of the status URL, one each; the last one stays.</param>
    public static async Task<FakeService> StartAsync(
        IEnumerable<(int Status, string Body)> posts, IEnumerable<(int Status, string Body)> polls)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new FakeService(app, posts, polls);
        app.MapPost("/generate_image", service.AcceptAsync);
        app.MapGet("/v1/tasks/{id}", service.Answer);
        app.MapGet("/v1/tasks/{id}/image", service.Download);
        await app.StartAsync();
        return service;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> AcceptAsync(HttpRequest request)
    {
        using var body = new StreamReader(request.Body);
        Requests.Enqueue((request.Headers["X-Idempotency-Key"], request.Headers["x-functions-key"], await body.ReadToEndAsync()));
        return _posts.TryDequeue(out var answer) ? Json(answer) : Results.StatusCode(StatusCodes.Status418ImATeapot);
    }

    private IResult Answer(string id)
    {
        if (id != "42" || !_polls.TryPeek(out var answer))
        {
            return Json((404, """{"error_code": "IGA_TASK_NOT_FOUND", "message": "no such task"}"""));
        }

        if (_polls.Count > 1)
        {
            _polls.TryDequeue(out _);
        }

        return Json(answer);
    }

    private IResult Download(string id) => id != "42" || DownloadFailures-- > 0
        ? Json((503, """{"error_code": "IGA_STORAGE", "message": "The bucket is out of reach."}"""))
        : Results.Bytes(Picture, "image/png");

    private static IResult Json((int Status, string Body) answer) =>
        Results.Text(answer.Body, "application/json", statusCode: answer.Status);
}
