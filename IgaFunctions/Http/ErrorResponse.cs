using System.Text.Json.Serialization;

namespace Iga.Http;

/// <summary>The body of every error.</summary>
public sealed record ErrorResponse(
    [property: JsonPropertyName("error_code")] string ErrorCode,
    [property: JsonPropertyName("message")] string Message);
