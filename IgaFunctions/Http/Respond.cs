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
        Results.Text(JsonSerializer.SerializeToUtf8Bytes(body, type), "application/json; charset=utf-8", status);

    public static IResult Error(HttpResponse response, int status, string errorCode, string message)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            AskToWait(response);
        }

        return Json(status, new ErrorResponse(errorCode, message), ErrorJson.Readable.ErrorResponse);
    }

    public static void AskToWait(HttpResponse response) =>
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
