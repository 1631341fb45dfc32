using System.Text.Json.Serialization;

namespace Iga.LocalHost.Functions.Http;

/// <summary>The body of every error answer of the host itself; the functions' own have the same shape.</summary>
internal sealed record ErrorBody(
    [property: JsonPropertyName("error_code")] string ErrorCode, [property: JsonPropertyName("message")] string Message)
{
    public static Task WriteAsync(HttpContext context, int status, string errorCode, string message)
    {
        context.Response.StatusCode = status;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.WriteAsJsonAsync(new ErrorBody(errorCode, message));
    }
}
