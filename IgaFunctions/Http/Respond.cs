using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Iga.Http;

/// <summary>Makes the answers of the HTTP functions.</summary>
internal static class Respond
{
    /// <summary>How long a caller is asked to wait before it polls, or tries again after a 503. Seconds.</summary>
    public const int RetryAfterSeconds = 2;

    // Not Results.Json, which writes to the answer's stream: the bodies are small, and so the answer knows its length.
    public static IResult Json<T>(int status, T body, JsonTypeInfo<T> type) =>
        new JsonAnswer(status, JsonSerializer.SerializeToUtf8Bytes(body, type));

    /// <param name="retryAfter">When the same request may succeed, where that is known; it is rounded up to seconds.</param>
    public static IResult Error(HttpResponse response, int status, string errorCode, string message, TimeSpan? retryAfter = null)
    {
        if (retryAfter is { } wait)
        {
            AskToWait(response, Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)));
        }
        else if (status == StatusCodes.Status503ServiceUnavailable)
        {
            AskToWait(response);
        }

        return Json(status, new ErrorResponse(errorCode, message), ErrorJson.Readable.ErrorResponse);
    }

    /// <summary>
    /// What every answer says, whatever it is: it is what its type says, and for nobody but who asked. An answer tells of a task as it is
    /// at the moment, and may hold a prompt.
    /// </summary>
    public static void KeepToTheCaller(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
    }

    public static void AskToWait(HttpResponse response, int seconds = RetryAfterSeconds) =>
        response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed class JsonAnswer(int status, byte[] body) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            var response = context.Response;
            KeepToTheCaller(response.Headers);
            response.StatusCode = status;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, CancellationToken.None).AsTask();
        }
    }
}
