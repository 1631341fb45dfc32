using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Iga.GenerateImage;
using Iga.Keys;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.EndToEnd;

/// <summary>POST /generate_image without HTTP, so that the function can be handed another task hub.</summary>
internal static class DirectPost
{
    public static async Task<(int Status, string? RetryAfter, JsonElement Body, TimeSpan Took)> SendAsync(
        OwnService service, DurableTaskClient hub, string key, string prompt, StartLine? line = null, IdempotencyStore? store = null)
    {
        var context = new DefaultHttpContext { RequestServices = service.Host.Services };
        context.Request.Method = "POST";
        context.Request.Headers["X-Idempotency-Key"] = key;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { prompt })));
        context.Response.Body = new MemoryStream();

        var started = Stopwatch.GetTimestamp();
        var function = service.Make<GenerateImageFunction>(
            service.Make<TaskAcceptance>(line ?? service.Get<StartLine>(), store ?? service.Get<IdempotencyStore>()));
        var result = await function.RunAsync(context.Request, hub, CancellationToken.None);
        var took = Stopwatch.GetElapsedTime(started);

        await result.ExecuteAsync(context);
        context.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(context.Response.Body);
        return (context.Response.StatusCode, context.Response.Headers.RetryAfter, body.RootElement.Clone(), took);
    }
}
