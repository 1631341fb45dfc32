using System.Collections.Concurrent;
using System.Text.Json;
using Iga.LocalHost.Functions.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Security;

/// <summary>In Vertex AI's place: writes down what was asked for, byte for byte, and knows no model.</summary>
internal sealed class PathRecorder : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PathRecorder(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The raw target of the last call for each prompt, and how many calls there were with another host.</summary>
    public ConcurrentDictionary<string, string> Targets { get; } = [];

    public static async Task<PathRecorder> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(FunctionServer.Configure).UseUrls("http://127.0.0.1:0");
        var recorder = new PathRecorder(builder.Build());
        recorder._app.Run(recorder.AnswerAsync);
        await recorder._app.StartAsync();
        return recorder;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var prompt = body.RootElement.TryGetProperty("contents", out var contents)
            ? contents[0].GetProperty("parts")[0].GetProperty("text").GetString()!
            : body.RootElement.GetProperty("instances")[0].GetProperty("prompt").GetString()!;
        Targets[prompt] = $"{context.Request.Host} {context.Features.Get<IHttpRequestFeature>()!.RawTarget}";
        context.Response.StatusCode = 404;
        await context.Response.WriteAsync("""{"error": {"code": 404, "message": "no such model", "status": "NOT_FOUND"}}""");
    }
}
