using System.Text.Json;
using Iga.TaskStatus;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/tasks/{id} without HTTP, so that the function can be handed another task hub.</summary>
internal static class DirectPoll
{
    public static async Task<(int Status, JsonElement Body)> SendAsync(OwnService service, DurableTaskClient hub, Guid id)
    {
        var context = new DefaultHttpContext { RequestServices = service.Host.Services };
        context.Response.Body = new MemoryStream();
        var result = await service.Make<TaskStatusFunction>().RunAsync(context.Request, hub, id.ToString(), CancellationToken.None);
        await result.ExecuteAsync(context);
        context.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(context.Response.Body);
        return (context.Response.StatusCode, body.RootElement.Clone());
    }
}
