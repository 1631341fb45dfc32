using System.Globalization;
using System.Text;
using System.Text.Json;
using Iga.Callers;
using Iga.GenerateImage;
using Iga.Limits;
using Iga.LocalHost.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Iga.Tests.Limits;

/// <summary>Posts to a service in this process as the holder of an API key that has a name.</summary>
internal sealed class NamedCaller(LocalService service, string? name, TimeProvider? time = null)
{
    private readonly Admission _admission = time is null
        ? service.Services.GetRequiredService<Admission>()
        : ActivatorUtilities.CreateInstance<Admission>(service.Services, time);

    private readonly DailySpend _spend = time is null
        ? service.Services.GetRequiredService<DailySpend>()
        : ActivatorUtilities.CreateInstance<DailySpend>(service.Services, time);

    public async Task<Answer> PostAsync(string key, object body)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Method = "POST";
        context.Request.Headers["X-Idempotency-Key"] = key;
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)));
        context.Response.Body = new MemoryStream();
        if (name is not null)
        {
            context.Features.Set(new Caller(name));
        }

        var function = ActivatorUtilities.CreateInstance<GenerateImageFunction>(
            service.Services, ActivatorUtilities.CreateInstance<TaskAcceptance>(service.Services, _admission, _spend));
        var result = await function.RunAsync(
            context.Request, service.Services.GetRequiredService<DurableTaskClient>(), CancellationToken.None);
        await result.ExecuteAsync(context);
        context.Response.Body.Position = 0;
        using var answer = await JsonDocument.ParseAsync(context.Response.Body);
        var root = answer.RootElement;
        return new(
            context.Response.StatusCode,
            root.TryGetProperty("error_code", out var code) ? code.GetString() : null,
            int.TryParse(context.Response.Headers.RetryAfter, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0,
            root.GetProperty("message").GetString()!,
            root.TryGetProperty("task_id", out var id) ? id.GetGuid() : Guid.Empty);
    }

    public Task<Answer> PostAsync() => PostAsync(Fixtures.Caller.NewKey(), new { prompt = "a lighthouse" });

    internal sealed record Answer(int Status, string? ErrorCode, int RetryAfter, string Message, Guid TaskId)
    {
        public (int, string?) Outcome => (Status, ErrorCode);
    }
}
