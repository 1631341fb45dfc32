using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>Errors in the form of Vertex AI: <c>{"error": {"code", "message", "status"}}</c>.</summary>
internal static class VertexErrors
{
    private const string SupportCodes =
        "If you think this was an error, send feedback. Support codes: 42876398";

    public const string Filtered =
        "Unable to show generated images. All images were filtered out because they violated Google's Responsible AI "
        + "practices. Try rephrasing the prompt. " + SupportCodes;

    public static ApiException Blocked() => new(400, "INVALID_ARGUMENT",
        "Image generation failed with the following error: The prompt could not be submitted. This prompt contains sensitive "
        + "words that violate Google's Responsible AI practices. Try rephrasing the prompt. " + SupportCodes);

    public static ApiException NoSuchModel(ModelPath model) => new(404, "NOT_FOUND",
        $"Publisher Model `{model.Resource}` was not found or your project does not have access to it. Please ensure you are "
        + "using a valid model version.");

    public static ApiException WrongMethod(ModelPath model, Dialect dialect) => dialect == Dialect.Gemini
        ? new(400, "FAILED_PRECONDITION", "Gemini cannot be accessed through Vertex Predict/RawPredict API.")
        : new(400, "INVALID_ARGUMENT", $"Publisher Model `{model.Resource}` is not supported in the generateContent API.");

    public static void Write(Utf8JsonWriter json, ApiException error)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", error.Detail ?? Message(error.Status));
        json.WriteString("status", error.Reason ?? Reason(error.Status));
        WriteDetails(json, error);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteDetails(Utf8JsonWriter json, ApiException error)
    {
        var seconds = error.RetryInfo ?? error.RetryAfter;
        if (seconds is null && error.ErrorInfo is null)
        {
            return;
        }

        json.WriteStartArray("details");
        if (error.ErrorInfo is not null)
        {
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
            json.WriteString("reason", error.ErrorInfo);
            json.WriteString("domain", "aiplatform.googleapis.com");
            json.WriteEndObject();
        }

        if (seconds is not null)
        {
            // Where Google's clients look for it: their calls over gRPC have no header.
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
            json.WriteString("retryDelay", string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Reason(int status) => status switch
    {
        400 or 413 => "INVALID_ARGUMENT",
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        408 or 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        501 => "UNIMPLEMENTED",
        502 or 503 => "UNAVAILABLE",
        _ => "UNKNOWN",
    };

    private static string Message(int status) => status switch
    {
        401 => "Request had invalid authentication credentials.",
        403 => "Permission 'aiplatform.endpoints.predict' denied on resource (or it may not exist).",
        404 => "Requested entity was not found.",
        408 or 504 => "Deadline expired before operation could complete.",
        429 => "Resource exhausted. Please try again later.",
        500 => "Internal error encountered.",
        502 or 503 => "The service is currently unavailable.",
        _ => $"The request failed with status {status}.",
    };
}
