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

    /// <summary>What <c>models.get</c> says, in other words than a call of the model.</summary>
    public static ApiException NoSuchModel(string modelId) =>
        new(404, "NOT_FOUND", $"Publisher Model `publishers/google/models/{modelId}` is not found.");

    /// <summary>Google takes it, and the answer would be another one; so it is not passed over.</summary>
    public static ApiException NotEmulated(string field) => new(501, "UNIMPLEMENTED", $"The emulator does not support '{field}'.");

    public static ApiException WrongMethod(ModelPath model, Dialect dialect) => dialect == Dialect.Gemini
        ? new(400, "FAILED_PRECONDITION", "Gemini cannot be accessed through Vertex Predict/RawPredict API.")
        : new(400, "INVALID_ARGUMENT", $"Publisher Model `{model.Resource}` is not supported in the {model.Method} API.");

    public static void Write(Utf8JsonWriter json, ApiException error)
    {
        if (error.IsInArray)
        {
            json.WriteStartArray();
        }

        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("code", error.Status);
        json.WriteString("message", error.Detail ?? Message(error.Status));
        json.WriteString("status", error.Reason ?? Reason(error.Status));
        WriteDetails(json, error);
        json.WriteEndObject();
        json.WriteEndObject();
        if (error.IsInArray)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteDetails(Utf8JsonWriter json, ApiException error)
    {
        if ((error.RetryInfo ?? error.RetryAfter) is { } seconds)
        {
            // Where Google's clients look for it: their calls over gRPC have no header.
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.RetryInfo");
            json.WriteString("retryDelay", $"{seconds}s");
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else if (error.Violations.Count > 0)
        {
            json.WriteStartArray("details");
            json.WriteStartObject();
            json.WriteString("@type", "type.googleapis.com/google.rpc.BadRequest");
            json.WriteStartArray("fieldViolations");
            foreach (var violation in error.Violations)
            {
                json.WriteStartObject();
                if (violation.Field.Length > 0)
                {
                    json.WriteString("field", violation.Field);
                }

                json.WriteString("description", violation.Description);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }
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
