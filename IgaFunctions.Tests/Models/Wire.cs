using System.Text;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Models;

/// <summary>Steps for a <see cref="ScriptedServer"/>.</summary>
internal static class Wire
{
    /// <param name="retryAfter">The header as it is sent: seconds or a date.</param>
    public static RequestDelegate Answer(int status, string json, string? retryAfter = null) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(json), context.RequestAborted);
    };

    public static RequestDelegate Text(string contentType, string body) => async context =>
    {
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>The connection is reset after the request was read.</summary>
    public static Task Reset(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>No answer until the client gives up.</summary>
    public static async Task Stall(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Half of an answer, then a reset.</summary>
    public static RequestDelegate Truncated(string json) =>
        Encoding.UTF8.GetBytes(json) is var bytes ? Truncated(bytes, bytes.Length / 2, () => Task.CompletedTask) : null!;

    /// <param name="arrived">Waited for before the reset: what is not read by then, the client's kernel drops.</param>
    public static RequestDelegate Truncated(byte[] body, int sent, Func<Task> arrived) => async context =>
    {
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, sent), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await arrived();
        context.Abort();
    };

    /// <summary>So many bytes of an answer, then silence until the client gives up.</summary>
    public static RequestDelegate Stalled(byte[] body, int sent) => async context =>
    {
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, sent), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Stall(context);
    };

    public static RequestDelegate Body(byte[] body, string? contentEncoding) => async context =>
    {
        if (contentEncoding is not null)
        {
            context.Response.Headers.ContentEncoding = contentEncoding;
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>An answer of so many bytes, of announced length or chunked.</summary>
    public static RequestDelegate Huge(long size, bool isAnnounced) => async context =>
    {
        if (isAnnounced)
        {
            context.Response.ContentLength = size;
        }

        var block = new byte[1 << 20];
        for (long sent = 0; sent < size && !context.RequestAborted.IsCancellationRequested; sent += block.Length)
        {
            await context.Response.Body.WriteAsync(block.AsMemory(0, (int)Math.Min(block.Length, size - sent)));
        }
    };
}
