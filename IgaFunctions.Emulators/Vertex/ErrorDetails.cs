using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>The <c>details</c> of an error: what clients read by program, each with its type.</summary>
internal static class ErrorDetails
{
    public static void Write(Utf8JsonWriter json, ApiException error)
    {
        var seconds = error.RetryInfo ?? error.RetryAfter;
        if (seconds is null && error.ErrorInfo is null && error.Violations.Count == 0)
        {
            return;
        }

        json.WriteStartArray("details");
        if (error.ErrorInfo is not null)
        {
            Begin(json, "ErrorInfo");
            json.WriteString("reason", error.ErrorInfo);
            json.WriteString("domain", "aiplatform.googleapis.com");
            json.WriteEndObject();
        }

        if (seconds is not null)
        {
            // Where Google's clients look for it: their calls over gRPC have no header.
            Begin(json, "RetryInfo");
            json.WriteString("retryDelay", string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s"));
            json.WriteEndObject();
        }

        if (error.Violations.Count > 0)
        {
            Begin(json, "BadRequest");
            WriteViolations(json, error.Violations);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Begin(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("@type", $"type.googleapis.com/google.rpc.{type}");
    }

    private static void WriteViolations(Utf8JsonWriter json, IReadOnlyList<FieldViolation> violations)
    {
        json.WriteStartArray("fieldViolations");
        foreach (var violation in violations)
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
    }
}
